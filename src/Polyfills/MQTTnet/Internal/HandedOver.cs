namespace MQTTnet.Internal;

/// <summary>
/// The QoS 2 messages of one session that are being handed over to the program. Each of their packet ids is in one state:
/// <code>
/// unknown ──handler called──▶ with the owner ──acknowledged──▶ taken ──PUBREL──▶ unknown
///                                  │ connection ended ──▶ orphaned ──acknowledged──▶ taken
///                                  │                         │ a copy is handed over ──▶ with the owner, who acknowledges the copy
///                                  │ declined ──▶ unknown
/// </code>
/// A copy of what is taken is answered and not handed over. With the owner is the rule and needs no entry here; orphaned ones are remembered
/// so that an owner who finishes between two connections has done so for good.
/// </summary>
internal sealed class HandedOver
{
    private readonly Lock _gate = new();
    private readonly HashSet<ushort> _taken = [];
    private readonly Dictionary<ushort, Turn> _orphaned = [];

    /// <summary>Whether to hand a message over, which makes it its owner's. False where it was taken before.</summary>
    public bool TryHandOver(Turn turn)
    {
        lock (_gate)
        {
            if (_taken.Contains(turn.PacketId))
            {
                return false;
            }
            _orphaned.Remove(turn.PacketId);
            return true;
        }
    }

    /// <summary>The owner has taken a message.</summary>
    public void Take(Turn turn)
    {
        lock (_gate)
        {
            _taken.Add(turn.PacketId);
        }
    }

    /// <summary>The connection has ended before the owner was done.</summary>
    public void Orphan(Turn turn)
    {
        lock (_gate)
        {
            _orphaned[turn.PacketId] = turn;
        }
    }

    /// <summary>The owner has taken a message after its connection's end. False where that is too late: a copy is under way to him.</summary>
    public bool TryTakeOrphan(Turn turn)
    {
        lock (_gate)
        {
            if (_orphaned.GetValueOrDefault(turn.PacketId) != turn)
            {
                return false;
            }
            _orphaned.Remove(turn.PacketId);
            _taken.Add(turn.PacketId);
            return true;
        }
    }

    /// <summary>The server has released a message. False where it is not known.</summary>
    public bool Release(ushort packetId)
    {
        lock (_gate)
        {
            return _taken.Remove(packetId);
        }
    }

    public void Forget()
    {
        lock (_gate)
        {
            _taken.Clear();
            _orphaned.Clear();
        }
    }
}
