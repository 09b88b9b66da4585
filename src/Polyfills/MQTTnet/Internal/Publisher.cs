using System.Buffers;
using System.Text;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>Sends publishes, subscriptions and their ends on one connection, and awaits the server's answers.</summary>
internal sealed class Publisher(PacketOutput output, PendingRequests requests, PublishGate gate, WireVersion version, ServerLimits limits)
{
    private static readonly MqttClientPublishResult Sent = new(null, MqttClientPublishReasonCode.Success, null, []);

    public async Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        bool isAnswered = message.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
        try
        {
            await gate.EnterAsync(isAnswered, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MqttClientNotConnectedException();
        }
        PendingRequest? request = null;
        bool isAwaited = false;
        try
        {
            request = Send(message, out isAwaited);
        }
        finally
        {
            gate.Leave();
            if (isAnswered && !isAwaited)
            {
                gate.ReturnQuota();
            }
        }
        if (request is null)
        {
            return Sent;
        }
        ServerReply reply = await AwaitAsync(request, cancellationToken).ConfigureAwait(false);
        return new MqttClientPublishResult(request.PacketId, (MqttClientPublishReasonCode)reply.Reason, reply.ReasonString, reply.UserProperties);
    }

    public async Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken)
    {
        limits.ThrowIfExceeded(options, OutgoingPackets.Subscribe(options, 0));
        PendingRequest request = requests.Begin(MqttPacketType.SubAck);
        output.Write(OutgoingPackets.Subscribe(options, request.PacketId));
        ServerReply reply = await AwaitAsync(request, cancellationToken).ConfigureAwait(false);
        if (reply.Codes.Length != options.TopicFilters.Count)
        {
            throw new MqttProtocolViolationException("The server answered another number of filters than it was asked for.");
        }
        var items = new List<MqttClientSubscribeResultItem>(reply.Codes.Length);
        foreach ((MqttTopicFilter filter, byte code) in options.TopicFilters.Zip(reply.Codes))
        {
            items.Add(new MqttClientSubscribeResultItem(filter, (MqttClientSubscribeResultCode)code));
        }
        return new MqttClientSubscribeResult(request.PacketId, items, reply.ReasonString, reply.UserProperties);
    }

    public async Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken)
    {
        PendingRequest request = requests.Begin(MqttPacketType.UnsubAck);
        output.Write(OutgoingPackets.Unsubscribe(options, request.PacketId));
        ServerReply reply = await AwaitAsync(request, cancellationToken).ConfigureAwait(false);
        // 3.1.1 says nothing of the single filters: what is answered is done.
        byte[] codes = version == WireVersion.V500 ? reply.Codes : new byte[options.TopicFilters.Count];
        if (codes.Length != options.TopicFilters.Count)
        {
            throw new MqttProtocolViolationException("The server answered another number of filters than it was asked for.");
        }
        var items = new List<MqttClientUnsubscribeResultItem>(codes.Length);
        foreach ((string filter, byte code) in options.TopicFilters.Zip(codes))
        {
            items.Add(new MqttClientUnsubscribeResultItem(filter, (MqttClientUnsubscribeResultCode)code));
        }
        return new MqttClientUnsubscribeResult(request.PacketId, items, reply.ReasonString, reply.UserProperties);
    }

    /// <summary>Cancelling ends the waiting only; the packet id stays in use until the answer comes.</summary>
    private static async Task<ServerReply> AwaitAsync(PendingRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            throw new MqttCommunicationTimedOutException(cancelled);
        }
    }

    /// <summary>Null where no answer is to be awaited. A request that is not awaited from the server has its answer already.</summary>
    private PendingRequest? Send(MqttApplicationMessage message, out bool isAwaited)
    {
        PublishPacket packet = OutgoingPackets.Publish(message);
        byte[] topic = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(message.Topic.Length));
        try
        {
            ReadOnlyMemory<byte> encoded = topic.AsMemory(0, Encoding.UTF8.GetBytes(message.Topic, topic));
            limits.ThrowIfExceeded(message, packet.Properties, encoded.Length);
            PendingRequest? request = message.QualityOfServiceLevel switch
            {
                MqttQualityOfServiceLevel.AtMostOnce => null,
                MqttQualityOfServiceLevel.AtLeastOnce => requests.Begin(MqttPacketType.PubAck),
                _ => requests.BeginExactlyOnce(message),
            };
            isAwaited = request is { Origin: not PublishOrigin.Answered };
            if (request is { Origin: PublishOrigin.Released or PublishOrigin.Answered })
            {
                return request;
            }
            packet = packet with { Topic = encoded, PacketId = request?.PacketId ?? 0, Duplicate = request is { Origin: PublishOrigin.Repeated } };
            if (output.Write(packet, message.Payload))
            {
                return request;
            }
            if (request is not null)
            {
                requests.Withdraw(request);
            }
            throw new MqttClientNotConnectedException();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(topic);
        }
    }
}
