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
    public PendingRequest Begin(MqttPacketType awaits) => Begin(awaits, null);

    /// <summary>
    /// Enters a publish of QoS 2. One that an earlier connection's end has interrupted goes on under its old id: it awaits PUBREC where it is to
    /// be sent again, PUBCOMP where it is to be waited for only; and where that has come meanwhile, its task is completed.
    /// </summary>
    /// <exception cref="InvalidOperationException">All 65,535 ids are in use.</exception>
    public PendingRequest BeginExactlyOnce(MqttApplicationMessage message)
    {
        lock (_gate)
        {
            if (_end is not null || !session.Outgoing.TryContinue(message, out InterruptedPublish? interrupted))
            {
                return Begin(MqttPacketType.PubRec, message);
            }
            var request = new PendingRequest(interrupted.PacketId, interrupted.Awaits)
            {
                Message = message,
                Received = interrupted.Received,
                Origin = interrupted.Ended is not null ? PublishOrigin.Answered
                    : interrupted.Awaits == MqttPacketType.PubComp ? PublishOrigin.Released : PublishOrigin.Repeated,
            };
            if (interrupted.Ended is { } reply)
            {
                request.SetResult(reply);
            }
            else
            {
                _byId.Add(request.PacketId, request);
            }
            return request;
        }
    }

    /// <summary>The request that the answer belongs to, or null.</summary>
    public PendingRequest? Find(ushort packetId)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(packetId);
        }
    }

    /// <summary>The answer has come.</summary>
    public void Remove(PendingRequest request)
    {
        lock (_gate)
        {
            _byId.Remove(request.PacketId);
        }
    }

    /// <summary>The packet was never sent.</summary>
    public void Withdraw(PendingRequest request)
    {
        bool wasEntered;
        lock (_gate)
        {
            wasEntered = _byId.Remove(request.PacketId);
        }
        if (wasEntered && request.Origin != PublishOrigin.New)
        {
            Interrupt(request);
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
            Interrupt(request);
            request.TrySetException(failure);
            // Where the caller has stopped waiting, nobody will ever look at the exception, and that is as it should be.
            _ = request.Task.Exception;
        }
    }

    private PendingRequest Begin(MqttPacketType awaits, MqttApplicationMessage? message)
    {
        lock (_gate)
        {
            for (int tries = 0; tries < ushort.MaxValue; tries++)
            {
                _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
                if (!_byId.ContainsKey(_last) && !session.Outgoing.Uses(_last))
                {
                    var request = new PendingRequest(_last, awaits) { Message = message };
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

    private void Interrupt(PendingRequest request)
    {
        if (request.Message is { } message)
        {
            session.Outgoing.Add(request.PacketId, message, request.Awaits, request.Received);
        }
    }
}
