namespace EdgeAgent.Mqtt.Receiving;

/// <summary>
/// The QoS 2 messages of one session that are being handed over to us, which outlive the connection. Each of their packet ids is in one state:
/// <code>
/// unknown ──PUBLISH──▶ pending (with the owner) ──accepted, PUBREC──▶ received ──PUBREL, PUBCOMP──▶ unknown
///                         │ refused ──▶ unknown
/// </code>
/// A PUBLISH whose id is pending or received is a repetition and is never delivered again: it gets its PUBREC when the first one does.
/// </summary>
internal sealed class HandOvers
{
    private readonly Lock _gate = new();
    private Dictionary<ushort, PendingSlot>? _pending;
    private PacketIdSet? _received;

    /// <summary>What a QoS 2 publish turned out to be.</summary>
    public enum Arrival
    {
        /// <summary>New: deliver it.</summary>
        New,

        /// <summary>The owner still has the first one: its settlement will finish the slot.</summary>
        StillPending,

        /// <summary>The owner has taken it already: finish the slot at once.</summary>
        AlreadyReceived,
    }

    /// <summary>How many are between PUBLISH and PUBREL.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return (_pending?.Count ?? 0) + (_received?.Count ?? 0);
            }
        }
    }

    public Arrival Arrive(ushort packetId, AcknowledgementRing ring, uint sequence)
    {
        lock (_gate)
        {
            if (_received?.Contains(packetId) == true)
            {
                return Arrival.AlreadyReceived;
            }
            _pending ??= [];
            Arrival arrival = _pending.ContainsKey(packetId) ? Arrival.StillPending : Arrival.New;
            // The newest connection is the one that wants the answer.
            _pending[packetId] = new PendingSlot(ring, sequence);
            return arrival;
        }
    }

    /// <summary>The owner has settled a hand-over, maybe after the connection that it came by was lost.</summary>
    public void Settled(ushort packetId, Answer answer)
    {
        PendingSlot waiting;
        lock (_gate)
        {
            if (_pending is null || !_pending.Remove(packetId, out waiting))
            {
                return;
            }
            if (answer.Kind == AnswerKind.Positive)
            {
                _received ??= new PacketIdSet();
                _received.Add(packetId);
            }
        }
        waiting.Ring.Finish(waiting.Sequence, answer);
    }

    /// <summary>PUBREL: the sender has forgotten the message, so its id may be used again. False where the id is not known.</summary>
    public bool Release(ushort packetId)
    {
        lock (_gate)
        {
            return _received?.Remove(packetId) == true;
        }
    }

    private readonly record struct PendingSlot(AcknowledgementRing Ring, uint Sequence);
}
