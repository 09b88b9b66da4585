using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>A kind of hardware with its sensors. Registered with the host; whatever its sensors share is released when the host disposes of it.</summary>
internal interface ISensorSource
{
    /// <summary>What its readings are counted as.</summary>
    ReadingSource Kind { get; }

    /// <summary>All sensors that the configuration in force names: the same object as long as a sensor is the same. Opens nothing.</summary>
    IEnumerable<SensorPlan> Sensors { get; }

    /// <summary>Those of them that another configuration does not have, or has otherwise. They are not read any more before the source itself lets go of them.</summary>
    IReadOnlyList<SensorPlan> Ending(AgentConfiguration next) => [];
}

/// <param name="Sensor">What is read.</param>
/// <param name="Options">When it is read, and where its values go.</param>
/// <param name="Group">
/// What it shares with others, such as a bus: "i2c-1". Also the name that missed polls are counted under. Groups never wait for each other. Within a group
/// sensors are begun one after another, so that one that blocks holds the others of its group, and none else; while a sensor awaits something, the others go
/// on. Those faster than 50 Hz have a thread beside the slower ones': what must never be used by two at a time, such as a bus, needs a lock of its own.
/// </param>
internal sealed record SensorPlan(ISensor Sensor, SensorOptions Options, string Group);
