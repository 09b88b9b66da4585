using System.Buffers;
using System.Text;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>Sends publishes, subscriptions and their ends on one connection, and awaits the server's answers.</summary>
internal sealed class Publisher(PacketOutput output, PendingRequests requests, PublishGate gate, WireVersion version, uint maximumPacketSize)
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
        try
        {
            request = Send(message, isAnswered);
        }
        finally
        {
            gate.Leave();
            if (isAnswered && request is null)
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

    /// <summary>Null where no answer is to be awaited.</summary>
    private PendingRequest? Send(MqttApplicationMessage message, bool isAnswered)
    {
        PublishPacket packet = OutgoingPackets.Publish(message);
        byte[] topic = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(message.Topic.Length));
        try
        {
            ReadOnlyMemory<byte> encoded = topic.AsMemory(0, Encoding.UTF8.GetBytes(message.Topic, topic));
            ThrowIfTooLarge(packet, encoded.Length, message.Payload.Length);
            PendingRequest? request = isAnswered
                ? requests.Begin(message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec)
                : null;
            bool isAccepted = output.Write(packet with { Topic = encoded, PacketId = request?.PacketId ?? 0 }, message.Payload);
            if (isAccepted)
            {
                return request;
            }
            if (request is not null)
            {
                requests.Remove(request);
            }
            throw new MqttClientNotConnectedException();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(topic);
        }
    }

    /// <summary>A server closes the connection on a packet larger than it takes (5.0, section 3.2.2.3.6).</summary>
    private void ThrowIfTooLarge(in PublishPacket packet, int topicLength, long payloadLength)
    {
        // Header, length of the topic, packet id and length of the properties at their longest: up to ten bytes too careful.
        long length = 5 + sizeof(ushort) + topicLength + sizeof(ushort) + 4 + packet.Properties.Encoded.Length + payloadLength;
        long limit = maximumPacketSize == 0 ? MqttFrame.MaximumLength : maximumPacketSize;
        if (length > limit)
        {
            throw new MqttProtocolViolationException($"The message takes up to {length} bytes, and the server takes no more than {limit}.");
        }
    }
}
