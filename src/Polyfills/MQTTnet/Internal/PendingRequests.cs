using EdgeAgent.Mqtt.Packets;

namespace MQTTnet.Internal;

/// <summary>
/// What awaits the server's answer on one connection, by packet id. An id stays in use until its answer has come, even where nobody waits for
/// it any longer: until then the server may answer the old packet.
/// </summary>
internal sealed class PendingRequests(ClientSession session)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, PendingRequest> _byId = [];
    private ushort _last;
    private Exception? _end;

    /// <summary>Enters a request under a free id.</summary>
    /// <exception cref="InvalidOperationException">All 65,535 ids are in use.</exception>
    public PendingRequest Begin(MqttPacketType awaits)
    {
        lock (_gate)
        {
            for (int tries = 0; tries < ushort.MaxValue; tries++)
            {
                _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
                if (!_byId.ContainsKey(_last) && !session.IsUnreleased(_last))
                {
                    var request = new PendingRequest(_last, awaits);
                    if (_end is null)
                    {
                        _byId.Add(_last, request);
                    }
                    else
                    {
                        request.SetException(_end);
                        _ = request.Task.Exception;
                    }
                    return request;
                }
            }
        }
        throw new InvalidOperationException("All packet ids are in use.");
    }

    /// <summary>The request that the answer belongs to, or null.</summary>
    public PendingRequest? Find(ushort packetId)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(packetId);
        }
    }

    /// <summary>The answer has come, or the packet was never sent.</summary>
    public void Remove(PendingRequest request)
    {
        lock (_gate)
        {
            _byId.Remove(request.PacketId);
        }
    }

    /// <summary>The connection has ended, and with it all hope of answers.</summary>
    public void End(Exception failure)
    {
        PendingRequest[] unanswered;
        lock (_gate)
        {
            _end = failure;
            unanswered = [.. _byId.Values];
            _byId.Clear();
        }
        foreach (PendingRequest request in unanswered)
        {
            if (request.Awaits is MqttPacketType.PubRec or MqttPacketType.PubComp)
            {
                session.Abandon(request.PacketId);
            }
            request.TrySetException(failure);
            // Where the caller has stopped waiting, nobody will ever look at the exception, and that is as it should be.
            _ = request.Task.Exception;
        }
    }
}
