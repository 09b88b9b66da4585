using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Devices;

/// <summary>Why a series has no value although one was to be expected.</summary>
internal enum SilenceCause
{
    /// <summary>Nothing at all comes from the device.</summary>
    DeviceOffline,

    /// <summary>The device says itself that the sensor gives no value: <see cref="Silence.Quality"/>.</summary>
    SensorFails,

    /// <summary>The device is there and says nothing about the series: the sensor was removed, or its driver hangs.</summary>
    Unexplained,
}

/// <summary>A series that is silent.</summary>
internal readonly record struct Silence(SilenceCause Cause, Quality Quality);
