using EdgeAgent.Diagnostics;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Sampling;

/// <summary>A source of the sensors that a test has made.</summary>
internal sealed class OneGroup(ReadingSource kind, params SensorPlan[] plans) : ISensorSource
{
    public ReadingSource Kind => kind;

    public IEnumerable<SensorPlan> Sensors => plans;
}
