namespace EdgeAgent.Spooling;

/// <summary>
/// Whether the records of a lane may stay in memory. Pure: it is told what happened, and owns no timer. Called under the spool's gate.
/// <code>
/// written → held    at a release, where the uplink is not in trouble, nothing unreleased is older than the window, and the last reason to
///                   write is a window ago (so that a line that comes and goes does not cost a segment each time)
/// held → written    the oldest record that memory holds is older than the window; the uplink is in trouble; memory is full; a record must be
///                   written; the end
/// </code>
/// After a start records are written until the cloud has shown that it takes them.
/// </summary>
internal sealed class HoldPolicy(TimeSpan window, TimeProvider time)
{
    /// <summary>How many steps of age are told apart: a record counts as older than it is by at most this part of the window.</summary>
    private const int Steps = 32;

    private readonly Queue<(ulong First, long At)> _held = []; // when a record came, and those up to the next entry not long after
    private long _lastAt;
    private long? _reasonAt;

    /// <summary>Records may stay in memory.</summary>
    public bool MayHold { get; private set; }

    /// <summary>What was sent does not arrive, as far as the uplink knows.</summary>
    public bool IsInTrouble { get; private set; }

    /// <summary>How long memory may go on holding its oldest record; null where it holds none.</summary>
    public TimeSpan? Left => _held.TryPeek(out (ulong First, long At) oldest) ? window - time.GetElapsedTime(oldest.At) : null;

    /// <summary>Memory holds one record more.</summary>
    public void Held(ulong sequence)
    {
        long now = time.GetTimestamp();
        if (_held.Count == 0 || (_held.Count < 2 * Steps && time.GetElapsedTime(_lastAt, now) >= window / Steps))
        {
            _held.Enqueue((sequence, now));
            _lastAt = now;
        }
    }

    /// <param name="through">What the cloud has.</param>
    /// <param name="tail">What was given.</param>
    /// <param name="oldest">The age of the oldest unreleased record, as far as it is known.</param>
    public void Released(ulong through, ulong tail, TimeSpan oldest)
    {
        while (_held.Count > 0 && (through >= tail || IsSecondBehind(through)))
        {
            _held.Dequeue();
        }
        if (!MayHold && !IsInTrouble && oldest <= window && (_reasonAt is not { } at || time.GetElapsedTime(at) >= window))
        {
            MayHold = true;
        }
    }

    /// <summary>There is a reason to write.</summary>
    public void Write()
    {
        MayHold = false;
        _reasonAt = time.GetTimestamp();
    }

    /// <summary>Memory holds nothing any more.</summary>
    public void Written() => _held.Clear();

    public void Report(bool isInTrouble)
    {
        if (isInTrouble || IsInTrouble)
        {
            Write();
        }
        IsInTrouble = isInTrouble;
    }

    private bool IsSecondBehind(ulong through)
    {
        using Queue<(ulong First, long At)>.Enumerator entries = _held.GetEnumerator();
        return entries.MoveNext() && entries.MoveNext() && entries.Current.First <= through + 1;
    }
}
