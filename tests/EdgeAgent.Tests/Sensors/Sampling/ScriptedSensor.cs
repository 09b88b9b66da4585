using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Sampling;

/// <summary>Hardware that does what a test says.</summary>
internal sealed class ScriptedSensor(TimeProvider time) : ISensor
{
    private static readonly IReadOnlyList<Quantity> OneNumber = [new Quantity("value", "1", 3)];

    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _begun = [];

    public string Description => "scripted";

    public IReadOnlyList<Quantity> Quantities { get; set; } = OneNumber;

    public bool IsPresent { get; set; } = true;

    /// <summary>What an attempt does. Default: a value at once.</summary>
    public Func<Measured[], CancellationToken, ValueTask> Attempt { get; set; } = (values, _) =>
    {
        Array.Fill(values, Measured.Good(1));
        return ValueTask.CompletedTask;
    };

    /// <summary>When attempts began, since the test's clock began to count.</summary>
    public IReadOnlyList<TimeSpan> Begun
    {
        get
        {
            lock (_gate)
            {
                return [.. _begun];
            }
        }
    }

    public ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _begun.Add(time.GetElapsedTime(0));
        }
        return Attempt(values, cancellationToken);
    }
}
