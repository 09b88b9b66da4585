using EdgeAgent.Mqtt;

namespace MQTTnet.Internal;

/// <summary>
/// What a client must remember between two connections of one session (5.0, section 4.1), as long as the client object lives:
/// <code>
/// received   := packet ids of QoS 2 messages that were taken and not yet released by the server: a copy of one is not handed over again
/// unreleased := packet ids of QoS 2 publishes that ended with a connection: they are released before their numbers are used again,
///               since a server that still knows such a number would take the next publish for a copy of the old one
/// </code>
/// A publish itself is not repeated: its caller was told that it may or may not have arrived.
/// </summary>
internal sealed class ClientSession
{
    private readonly Lock _gate = new();
    private readonly HashSet<ushort> _received = [];
    private readonly HashSet<ushort> _unreleased = [];

    /// <summary>A connection stands. Returns the ids to be released on it.</summary>
    public ushort[] Resume(bool isPresent)
    {
        lock (_gate)
        {
            if (!isPresent)
            {
                _received.Clear();
                _unreleased.Clear();
            }
            return [.. _unreleased];
        }
    }

    public bool IsReceived(ushort packetId)
    {
        lock (_gate)
        {
            return _received.Contains(packetId);
        }
    }

    /// <summary>The owner has taken a message of QoS 2, or has refused it, which ends the matter.</summary>
    public void Take(ushort packetId, MqttReasonCode reason)
    {
        if (reason < MqttReasonCode.UnspecifiedError)
        {
            lock (_gate)
            {
                _received.Add(packetId);
            }
        }
    }

    /// <summary>The server has released a message. False where it is not known.</summary>
    public bool Release(ushort packetId)
    {
        lock (_gate)
        {
            return _received.Remove(packetId);
        }
    }

    public bool IsUnreleased(ushort packetId)
    {
        lock (_gate)
        {
            return _unreleased.Contains(packetId);
        }
    }

    /// <summary>A publish of QoS 2 has lost its connection.</summary>
    public void Abandon(ushort packetId)
    {
        lock (_gate)
        {
            _unreleased.Add(packetId);
        }
    }

    /// <summary>PUBCOMP has come for an abandoned publish.</summary>
    public void Finish(ushort packetId)
    {
        lock (_gate)
        {
            _unreleased.Remove(packetId);
        }
    }
}
