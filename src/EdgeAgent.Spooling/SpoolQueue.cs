namespace EdgeAgent.Spooling;

/// <summary>One lane: a monotonic sequence from 1 with watermarks Released ≤ Sent ≤ Committed ≤ Tail.</summary>
public sealed class SpoolQueue
{
    internal SpoolQueue()
    {
    }

    /// <summary>The last sequence that the cloud has made durable.</summary>
    public ulong Released => throw new NotSupportedException();

    /// <summary>The last sequence that was sent.</summary>
    public ulong Sent => throw new NotSupportedException();

    /// <summary>The last sequence that survives a power cut.</summary>
    public ulong Committed => throw new NotSupportedException();

    /// <summary>The last sequence given.</summary>
    public ulong Tail => throw new NotSupportedException();

    /// <summary>Payload bytes not released.</summary>
    public long BacklogBytes => throw new NotSupportedException();

    /// <summary>How long the oldest unreleased record has waited; zero where there is none.</summary>
    public TimeSpan OldestAge => throw new NotSupportedException();

    /// <summary>Makes room for one record and returns the first sequence of its segment.</summary>
    /// <exception cref="SpoolFullException">There is no room and nothing may give way.</exception>
    /// <exception cref="SpoolBrokenException">An earlier write failed.</exception>
    public ulong PrepareAppend(int maximumPayloadBytes) => throw new NotSupportedException();

    /// <summary>Appends a record and returns its sequence. It is not durable yet.</summary>
    /// <exception cref="SpoolFullException">There is no room and nothing may give way.</exception>
    /// <exception cref="SpoolBrokenException">An earlier write failed.</exception>
    public ulong Append(ReadOnlySpan<byte> payload, uint items) => throw new NotSupportedException();

    /// <summary>Completes when everything appended before the call is on disk.</summary>
    public ValueTask CommitAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>A reader that starts at a sequence.</summary>
    public SpoolReader OpenReader(ulong fromSequence) => throw new NotSupportedException();

    /// <summary>Moves Sent.</summary>
    public void MarkSent(ulong through) => throw new NotSupportedException();

    /// <summary>The cloud's word: everything through this sequence is durable there.</summary>
    public ReleaseResult Release(ulong through) => throw new NotSupportedException();

    /// <summary>Sets one record aside for good; readers then find a gap of cause <see cref="LossCause.Refused"/> in its place.</summary>
    public bool Refuse(ulong sequence) => throw new NotSupportedException();

    /// <summary>Completes with true when Committed is past a sequence, with false when the spool is closed.</summary>
    public ValueTask<bool> WaitForCommittedAsync(ulong after, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
