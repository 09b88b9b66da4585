namespace EdgeAgent.RemoteConfig;

/// <summary>What others have for the one who decides on revisions. Any thread puts in, one takes out. Of two revisions the newest is kept.</summary>
internal sealed class RevisionInbox
{
    private readonly Lock _gate = new();
    private readonly List<RevisionEvent> _told = [];
    private Revision? _revision;
    private bool _isReloadAsked;

    /// <summary>Set with everything that is put in, and by whoever knows that it is worth looking.</summary>
    public Pulse Pulse { get; } = new();

    public void Offer(Revision revision)
    {
        lock (_gate)
        {
            if (_revision is null || revision.Header.Number >= _revision.Header.Number)
            {
                _revision = revision;
            }
        }
        Pulse.Set();
    }

    /// <summary>A person wants the device's own file to be read again, or has left a wish (<see cref="RollbackRequest"/>).</summary>
    public void AskReload()
    {
        lock (_gate)
        {
            _isReloadAsked = true;
        }
        Pulse.Set();
    }

    /// <summary>The service has taken an event.</summary>
    public void Told(RevisionEvent told)
    {
        lock (_gate)
        {
            _told.Add(told);
        }
        Pulse.Set();
    }

    public Revision? TakeRevision()
    {
        lock (_gate)
        {
            return Interlocked.Exchange(ref _revision, null);
        }
    }

    public bool TakeReload()
    {
        lock (_gate)
        {
            return Interlocked.Exchange(ref _isReloadAsked, false);
        }
    }

    public IReadOnlyList<RevisionEvent> TakeTold()
    {
        lock (_gate)
        {
            RevisionEvent[] told = [.. _told];
            _told.Clear();
            return told;
        }
    }
}
