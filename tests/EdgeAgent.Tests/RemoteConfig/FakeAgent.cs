using EdgeAgent.Reconfiguration;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Tests.RemoteConfig;

/// <summary>An inside that does what a test says, and remembers what was asked of it.</summary>
internal sealed class FakeAgent(Layered start) : IRunningAgent
{
    private readonly Lock _gate = new();
    private readonly List<string> _asked = [];

    public Layered Current { get; private set; } = start;

    public bool HasEnded { get; set; }

    public long UnixNanoseconds => 42;

    public ReconfigurationNeed Need { get; set; } = ReconfigurationNeed.Apply;

    public TrialSample Sample { get; set; } = new(IsReceipted: false, 0, 0, 0, 0, HasEnded: false);

    public string? Obstacle { get; set; }

    /// <summary>Called with the number before it is in force; may throw.</summary>
    public Action<ulong> OnChange { get; set; } = static _ => { };

    public Action<ulong> OnRebuild { get; set; } = static _ => { };

    /// <summary>"change 2", "rebuild 0", "try 3": in their order.</summary>
    public string[] Asked
    {
        get
        {
            lock (_gate)
            {
                return [.. _asked];
            }
        }
    }

    public ReconfigurationNeed NeedFor(Layered next) => Need;

    public Task<string?> TryOutAsync(Layered next, CancellationToken cancellationToken)
    {
        Note($"try {next.Header.Number}");
        return Task.FromResult(Obstacle);
    }

    public Task ChangeAsync(Layered next, CancellationToken cancellationToken)
    {
        Note($"change {next.Header.Number}");
        OnChange(next.Header.Number);
        Current = next;
        return Task.CompletedTask;
    }

    public Task RebuildAsync(Layered next, CancellationToken cancellationToken)
    {
        Note($"rebuild {next.Header.Number}");
        OnRebuild(next.Header.Number);
        (Current, HasEnded) = (next, false);
        return Task.CompletedTask;
    }

    public TrialSample Look(TimeSpan limit) => Sample with { HasEnded = HasEnded };

    public IReadOnlyList<RevisionError> SilentSensors(TimeSpan limit) => [new("/i2c/0/sensors/1", "The sensor roof does not answer.")];

    private void Note(string what)
    {
        lock (_gate)
        {
            _asked.Add(what);
        }
    }
}
