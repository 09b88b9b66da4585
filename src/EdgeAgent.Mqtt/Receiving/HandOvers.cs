namespace EdgeAgent.Mqtt.Receiving;

/// <summary>
/// The QoS 2 messages of one session that are being handed over to us, which outlive the connection. Each of their packet ids is in one state:
/// <code>
/// unknown ──PUBLISH──▶ pending (with the owner) ──accepted, PUBREC──▶ received ──PUBREL, PUBCOMP──▶ unknown
///                         │ refused or returned ──▶ unknown
/// </code>
/// A PUBLISH whose id is pending or received is a repetition and is never delivered again: it gets its PUBREC when the first one does.
/// </summary>
/// <remarks>
/// Whether the DUP flag is set means nothing: after a reconnect it has to be [MQTT-3.3.1-1], and widespread clients do not.
/// </remarks>
internal sealed class HandOvers
{
    private readonly Lock _gate = new();
    private Dictionary<ushort, PendingSlot>? _pending;
    private PacketIdSet? _received;

    // Those of the above that came by an earlier connection and have not come again by this one.
    private PacketIdSet? _earlier;
    private int _epoch;

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

    /// <summary>How many came by this connection and are between PUBLISH and PUBREL: quotas begin anew with each connection (5.0, section 4.9).</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return PendingCount + (_received?.Count ?? 0) - (_earlier?.Count ?? 0);
            }
        }
    }

    private int PendingCount => _pending?.Count ?? 0;

    /// <summary>Another connection takes the session over.</summary>
    /// <returns>The number of that connection, for <see cref="Arrive"/>. The first one's is zero.</returns>
    public int Resume()
    {
        lock (_gate)
        {
            _epoch++;
            if (PendingCount + (_received?.Count ?? 0) > 0)
            {
                _earlier ??= new PacketIdSet();
                _earlier.AddAll(_received);
                foreach (ushort packetId in _pending?.Keys ?? Enumerable.Empty<ushort>())
                {
                    _earlier.Add(packetId);
                }
            }
            return _epoch;
        }
    }

    public Arrival Arrive(ushort packetId, int epoch, AcknowledgementRing ring, uint sequence)
    {
        lock (_gate)
        {
            if (epoch != _epoch)
            {
                // The last packet of a connection that has just been displaced. It must not take the answer away from its successor.
                return Arrival.StillPending;
            }
            _earlier?.Remove(packetId);
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
        PendingSlot pending;
        lock (_gate)
        {
            if (_pending is null || !_pending.Remove(packetId, out pending))
            {
                return;
            }
            if (answer.Kind == AnswerKind.Positive)
            {
                _received ??= new PacketIdSet();
                _received.Add(packetId);
            }
            else
            {
                _earlier?.Remove(packetId);
            }
        }
        pending.Ring.Finish(pending.Sequence, answer);
    }

    /// <summary>PUBREL: the sender has forgotten the message, so its id may be used again. False where the id is not known.</summary>
    public bool Release(ushort packetId)
    {
        lock (_gate)
        {
            if (_received?.Remove(packetId) != true)
            {
                return false;
            }
            _earlier?.Remove(packetId);
            return true;
        }
    }

    private readonly record struct PendingSlot(AcknowledgementRing Ring, uint Sequence);
}
