namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>What came of the attempt to start a capture.</summary>
internal enum IioBufferOutcome
{
    Started,

    /// <summary>The device is not there; look again later.</summary>
    DeviceMissing,

    /// <summary>Several devices fit; a person must say which.</summary>
    DeviceAmbiguous,

    /// <summary>There is no trigger of that name; look again later, as its module may be loaded.</summary>
    TriggerMissing,

    /// <summary>No such channel can be buffered, or the device has no timestamps.</summary>
    NothingToCapture,

    /// <summary>The kernel did not let the buffer be set up or opened: no permission, or somebody else uses it.</summary>
    Refused,
}
