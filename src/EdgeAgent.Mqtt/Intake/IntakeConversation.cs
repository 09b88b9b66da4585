using System.Runtime.CompilerServices;
using EdgeAgent.Mqtt.Io;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Mqtt.Receiving;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// What is said on a connection after CONNACK: hands every publish to the owner, one after the other, and answers all else. It never acknowledges
/// by itself; that is the ring's, when the owner has settled. Returns how it came to an end; exceptions of the stream fly.
/// </summary>
internal sealed class IntakeConversation(
    IntakeShared shared,
    IntakeAdmission admission,
    IntakeSession session,
    AcknowledgementRing ring,
    PacketOutput output,
    ReceiveBuffer received,
    AsyncSignal progress)
{
    private readonly IntakePublishes _publishes = new(shared, admission, session, ring, progress);
    private readonly MqttProtocolVersion _version = admission.Version;

    /// <summary>As agreed at CONNECT, or changed by the device's DISCONNECT.</summary>
    public TimeSpan SessionExpiry { get; private set; } = admission.SessionExpiry;

    /// <summary>The length of the packet whose beginning is in the buffer; zero where it is not known.</summary>
    public int ExpectedLength { get; private set; }

    /// <summary>Works through all packets that are in the buffer. Null where more bytes are needed.</summary>
    /// <remarks>Pooled, since it suspends whenever the owner pushes back, and must not allocate then.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<IntakeEnding?> WorkAsync(CancellationToken reading, CancellationToken delivering)
    {
        ring.Cork();
        try
        {
            while (true)
            {
                reading.ThrowIfCancellationRequested();
                switch (MqttFrame.Read(received.Unread, MaximumLength(), out MqttFrame frame))
                {
                    case MqttFrameResult.Incomplete:
                        ExpectedLength = frame.Length;
                        return null;
                    case MqttFrameResult.Malformed:
                        return IntakeEnding.Broken(MqttReasonCode.MalformedPacket);
                    case MqttFrameResult.TooLarge:
                        return IntakeEnding.Broken(MqttReasonCode.PacketTooLarge);
                }
                IntakeEnding? ending;
                if (frame.Type == MqttPacketType.Publish)
                {
                    ending = await _publishes.TakeAsync(frame, reading, delivering).ConfigureAwait(false);
                }
                else
                {
                    while (output.IsBacklogged)
                    {
                        await _publishes.PauseAsync(reading).ConfigureAwait(false);
                    }
                    ending = Reply(frame);
                }
                received.Consume(frame.Length);
                if (ending is not null)
                {
                    return ending;
                }
            }
        }
        finally
        {
            ring.Uncork();
        }
    }

    /// <summary>A device's packets are short, but for those that carry its messages.</summary>
    private int MaximumLength()
    {
        ReadOnlySpan<byte> unread = received.Unread.Span;
        bool isPublish = !unread.IsEmpty && (MqttPacketType)(unread[0] >> 4) == MqttPacketType.Publish;
        return isPublish ? shared.Options.MaximumPacketSize : shared.Options.MaximumConnectSize;
    }

    private IntakeEnding? Reply(in MqttFrame frame)
    {
        MqttReadError error;
        switch (frame.Type)
        {
            case MqttPacketType.PingReq:
                if (PingPacket.TryRead(frame, out _, out error))
                {
                    output.Write(new PingPacket { Type = MqttPacketType.PingResp }, _version);
                    return null;
                }
                break;
            case MqttPacketType.PubRel:
                if (AcknowledgePacket.TryRead(frame, _version, out AcknowledgePacket release, out error))
                {
                    Release(release.PacketId);
                    return null;
                }
                break;
            case MqttPacketType.Subscribe:
                if (SubscribePacket.TryRead(frame, _version, out SubscribePacket subscribe, out error))
                {
                    Decline(MqttPacketType.SubAck, subscribe.PacketId, IntakeSubscriptions.Refuse(subscribe));
                    return null;
                }
                break;
            case MqttPacketType.Unsubscribe:
                if (UnsubscribePacket.TryRead(frame, _version, out UnsubscribePacket unsubscribe, out error))
                {
                    Decline(MqttPacketType.UnsubAck, unsubscribe.PacketId, IntakeSubscriptions.Refuse(unsubscribe));
                    return null;
                }
                break;
            case MqttPacketType.Disconnect:
                if (DisconnectPacket.TryRead(frame, _version, out DisconnectPacket goodbye, out error))
                {
                    return Goodbye(goodbye);
                }
                break;
            default:
                // A second CONNECT, an AUTH that nobody asked for, or a packet that only servers send.
                error = MqttReadError.ProtocolError;
                break;
        }
        return IntakeEnding.Broken(error.ToReasonCode());
    }

    private void Release(ushort packetId)
    {
        bool isKnown = session.HandOvers.Release(packetId);
        output.Write(
            new AcknowledgePacket
            {
                Type = MqttPacketType.PubComp,
                PacketId = packetId,
                Reason = isKnown ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound,
            },
            _version);
    }

    private void Decline(MqttPacketType type, ushort packetId, byte[] codes)
    {
        var reply = new SubscriptionReplyPacket { Type = type, PacketId = packetId, Codes = codes };
        // The words are the first that a device which takes short packets does without. Where even the codes are too long, nothing is said.
        _ = (admission.WantsWords && output.Write(reply with { Properties = IntakeReasons.OfSubscription }, _version))
            || output.Write(reply, _version);
    }

    private IntakeEnding Goodbye(in DisconnectPacket goodbye)
    {
        if (goodbye.Properties.TryGet(MqttPropertyId.SessionExpiryInterval, out uint expiry))
        {
            // Who asked for no session cannot have one afterwards [MQTT-3.14.2-2].
            if (admission.SessionExpiry == TimeSpan.Zero && expiry > 0)
            {
                return IntakeEnding.Broken(MqttReasonCode.ProtocolError);
            }
            SessionExpiry = TimeSpan.FromSeconds(double.Min(expiry, shared.Options.MaximumSessionExpiry.TotalSeconds));
        }
        return goodbye.Reason == MqttReasonCode.Success
            ? new IntakeEnding(IntakeCloseCause.DisconnectedByClient)
            : new IntakeEnding(IntakeCloseCause.ConnectionLost);
    }
}
