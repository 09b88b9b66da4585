namespace EdgeAgent.Supervision;

/// <summary>The stages of which the process is alive only while all of them move. Any thread; whoever looks sees one state of the list and copies nothing.</summary>
internal sealed class Heartbeats(TimeProvider time)
{
    private readonly Lock _gate = new();
    private Heartbeat[] _all = [];

    public ReadOnlySpan<Heartbeat> All => Volatile.Read(ref _all);

    /// <inheritdoc cref="Heartbeat(string, TimeSpan, TimeProvider, Action?)"/>
    public Heartbeat Add(string stage, TimeSpan patience, Action? knock = null)
    {
        var heart = new Heartbeat(stage, patience, time, knock);
        lock (_gate)
        {
            _all = [.. _all, heart];
        }
        return heart;
    }

    /// <summary>The stage has ended because it was told to.</summary>
    public void Remove(Heartbeat heart)
    {
        lock (_gate)
        {
            _all = [.. _all.Where(other => other != heart)];
        }
    }
}
