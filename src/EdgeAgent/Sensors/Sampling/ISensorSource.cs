using EdgeAgent.Diagnostics;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>A kind of hardware with its sensors. Registered with the host; whatever its sensors share is released when the host disposes of it.</summary>
internal interface ISensorSource
{
    /// <summary>What its readings are counted as.</summary>
    ReadingSource Kind { get; }

    /// <summary>All sensors that the configuration names. Asked once; opens nothing.</summary>
    IEnumerable<SensorPlan> Sensors { get; }
}

/// <param name="Sensor">What is read.</param>
/// <param name="Options">When it is read, and where its values go.</param>
/// <param name="Group">What it shares with others, such as a bus: "i2c-1". Sensors of one group are never run at the same time; different groups never wait for each other.</param>
internal sealed record SensorPlan(ISensor Sensor, SensorOptions Options, string Group);
