namespace EdgeAgent.Mqtt.Intake;

/// <summary>What an intake has done since it was made, for metrics. Every number only grows, except the open connections. Reading is free of locks.</summary>
public sealed class IntakeCounters
{
    private readonly long[] _refused = new long[Enum.GetValues<IntakeRefusal>().Length];
    private readonly long[] _closed = new long[Enum.GetValues<IntakeCloseCause>().Length];
    private long _open;
    private long _opened;
    private long _overLimit;
    private long _publishes;
    private long _payloadBytes;
    private long _accepted;
    private long _returned;
    private long _duplicates;
    private long _socketWrites;

    /// <summary>Connections that are open now, those in the handshake and those that are being closed counted.</summary>
    public long ConnectionsOpen => Volatile.Read(ref _open);

    /// <summary>Connections that were taken from the listening socket.</summary>
    public long ConnectionsOpened => Volatile.Read(ref _opened);

    /// <summary>Connections that were closed at once because there were too many.</summary>
    public long ConnectionsOverLimit => Volatile.Read(ref _overLimit);

    /// <summary>Messages handed to the owner.</summary>
    public long Publishes => Volatile.Read(ref _publishes);

    /// <summary>The payload bytes of these.</summary>
    public long PayloadBytes => Volatile.Read(ref _payloadBytes);

    /// <summary>Messages of QoS 1 and 2 that the owner accepted.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Messages of QoS 1 and 2 that the owner gave back, to be sent again.</summary>
    public long Returned => Volatile.Read(ref _returned);

    /// <summary>Repetitions of QoS 2 messages that were kept from the owner.</summary>
    public long DuplicatesSuppressed => Volatile.Read(ref _duplicates);

    /// <summary>Socket writes; compared with <see cref="Accepted"/> they show how well acknowledgements gather.</summary>
    public long SocketWrites => Volatile.Read(ref _socketWrites);

    /// <summary>Messages that the owner refused for this reason.</summary>
    public long Refused(IntakeRefusal reason) => Volatile.Read(ref _refused[(int)reason]);

    /// <summary>Connections that ended for this cause.</summary>
    public long Closed(IntakeCloseCause cause) => Volatile.Read(ref _closed[(int)cause]);

    internal void ConnectionOpened()
    {
        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _opened);
    }

    internal void ConnectionEnded(IntakeCloseCause cause) => Interlocked.Increment(ref _closed[(int)cause]);

    internal void ConnectionReleased() => Interlocked.Decrement(ref _open);

    internal void ConnectionOverLimit() => Interlocked.Increment(ref _overLimit);

    internal void Published(int payloadLength)
    {
        Interlocked.Increment(ref _publishes);
        Interlocked.Add(ref _payloadBytes, payloadLength);
    }

    internal void TicketReturned() => Interlocked.Increment(ref _returned);

    internal void DuplicateSuppressed() => Interlocked.Increment(ref _duplicates);

    internal void SocketWritten() => Interlocked.Increment(ref _socketWrites);

    internal void Settled(IntakeRefusal? refusal)
    {
        if (refusal is { } reason)
        {
            Interlocked.Increment(ref _refused[(int)reason]);
        }
        else
        {
            Interlocked.Increment(ref _accepted);
        }
    }
}
