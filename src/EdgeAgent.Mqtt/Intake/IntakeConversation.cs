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
    HandOvers handOvers,
    AcknowledgementRing ring,
    PacketOutput output,
    ReceiveBuffer received,
    AsyncSignal progress)
{
    private readonly TopicAliases _aliases = new(shared.Options.TopicAliasMaximum);
    private readonly IntakeTickets _tickets = new(ring, handOvers, shared.Counters);
    private readonly MqttProtocolVersion _version = admission.Version;

    /// <summary>As agreed at CONNECT, or changed by the device's DISCONNECT.</summary>
    public TimeSpan SessionExpiry { get; private set; } = admission.SessionExpiry;

    /// <summary>The length of the packet whose beginning is in the buffer; zero where it is not known.</summary>
    public int ExpectedLength { get; private set; }

    /// <summary>Works through all packets that are in the buffer. Null where more bytes are needed.</summary>
    /// <remarks>Pooled, like <see cref="PublishAsync"/>: these two suspend whenever the owner pushes back, and must not allocate then.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<IntakeEnding?> WorkAsync(CancellationToken reading, CancellationToken delivering)
    {
        ring.Cork();
        try
        {
            while (true)
            {
                reading.ThrowIfCancellationRequested();
                switch (MqttFrame.Read(received.Unread, shared.Options.MaximumPacketSize, out MqttFrame frame))
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
                    ending = await PublishAsync(frame, reading, delivering).ConfigureAwait(false);
                }
                else
                {
                    while (output.IsBacklogged)
                    {
                        await PauseAsync(reading).ConfigureAwait(false);
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IntakeEnding?> PublishAsync(MqttFrame frame, CancellationToken reading, CancellationToken delivering)
    {
        if (!PublishPacket.TryRead(frame, _version, out PublishPacket publish, out MqttReadError error))
        {
            return IntakeEnding.Broken(error.ToReasonCode());
        }
        if (publish.Topic.Length > shared.Options.MaximumTopicLength)
        {
            return IntakeEnding.Broken(MqttReasonCode.TopicNameInvalid);
        }
        if (!_aliases.TryResolve(publish, out ReadOnlyMemory<byte> topic, out MqttReasonCode reason))
        {
            return IntakeEnding.Broken(reason);
        }
        IntakeTicket ticket = default;
        if (publish.Quality != MqttQualityOfService.AtMostOnce)
        {
            // The quota of 5.0 counts a QoS 1 message until its PUBACK and a QoS 2 message until its PUBCOMP [MQTT-3.3.4-7].
            if (_version == MqttProtocolVersion.V500 && ring.Quality1Count + handOvers.Count >= shared.Options.ReceiveMaximum && !publish.Duplicate)
            {
                return IntakeEnding.Broken(MqttReasonCode.ReceiveMaximumExceeded);
            }
            uint sequence;
            while (!ring.TryBegin(publish.PacketId, publish.Quality, out sequence))
            {
                await PauseAsync(reading).ConfigureAwait(false);
            }
            if (publish.Quality == MqttQualityOfService.ExactlyOnce && IsRepetition(publish.PacketId, sequence))
            {
                return null;
            }
            ticket = new IntakeTicket(_tickets, sequence);
        }
        shared.Counters.Published(publish.Payload.Length);
        try
        {
            ValueTask delivery = shared.Handler.PublishedAsync(
                new IntakePublish
                {
                    Topic = topic,
                    Payload = publish.Payload,
                    Quality = publish.Quality,
                    Retain = publish.Retain,
                    Duplicate = publish.Duplicate,
                    ClientId = admission.ClientId,
                    Properties = publish.Properties,
                    Ticket = ticket,
                },
                delivering);
            if (delivery.IsCompletedSuccessfully)
            {
                delivery.GetAwaiter().GetResult();
            }
            else
            {
                ring.Uncork();
                await delivery.ConfigureAwait(false);
                ring.Cork();
            }
            return null;
        }
        catch (Exception fault) when (!delivering.IsCancellationRequested)
        {
            // The handler is not ours: whatever it throws ends this connection and no other.
            return new IntakeEnding(IntakeCloseCause.Faulted, MqttReasonCode.ImplementationSpecificError, fault);
        }
    }

    private bool IsRepetition(ushort packetId, uint sequence)
    {
        HandOvers.Arrival arrival = handOvers.Arrive(packetId, ring, sequence);
        if (arrival == HandOvers.Arrival.New)
        {
            return false;
        }
        shared.Counters.DuplicateSuppressed();
        if (arrival == HandOvers.Arrival.AlreadyReceived)
        {
            ring.Finish(sequence, Answer.Accepted);
        }
        return true;
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
                    Decline(MqttPacketType.SubAck, subscribe.PacketId, subscribe.Subscriptions.Length, MqttReasonCode.NotAuthorized);
                    return null;
                }
                break;
            case MqttPacketType.Unsubscribe:
                if (UnsubscribePacket.TryRead(frame, _version, out UnsubscribePacket unsubscribe, out error))
                {
                    Decline(MqttPacketType.UnsubAck, unsubscribe.PacketId, unsubscribe.Filters.Length, MqttReasonCode.NoSubscriptionExisted);
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
        bool isKnown = handOvers.Release(packetId);
        output.Write(
            new AcknowledgePacket
            {
                Type = MqttPacketType.PubComp,
                PacketId = packetId,
                Reason = isKnown ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound,
            },
            _version);
    }

    private void Decline(MqttPacketType type, ushort packetId, int count, MqttReasonCode code)
    {
        byte[] codes = new byte[count];
        codes.AsSpan().Fill((byte)code);
        output.Write(new SubscriptionReplyPacket { Type = type, PacketId = packetId, Codes = codes }, _version);
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

    /// <summary>Waits until the writer has come on.</summary>
    private async ValueTask PauseAsync(CancellationToken reading)
    {
        ring.Uncork();
        await progress.WaitAsync().ConfigureAwait(false);
        reading.ThrowIfCancellationRequested();
        ring.Cork();
    }
}
