using System.Runtime.CompilerServices;
using EdgeAgent.Mqtt.Io;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Mqtt.Receiving;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// The publishes of one connection, on their way from the wire to the owner: judged, given a place in the ring, handed over. Where the owner takes
/// a message at once, which is the usual case, no method here suspends and nothing is allocated.
/// </summary>
internal sealed class IntakePublishes(IntakeShared shared, IntakeAdmission admission, IntakeSession session, AcknowledgementRing ring, AsyncSignal progress)
{
    private readonly TopicAliases _aliases = new(shared.Options.TopicAliasMaximum);
    private readonly IntakeTickets _tickets = new(ring, session.HandOvers, shared.Counters);

    /// <summary>Takes one publish. Not null where it ends the connection. What the owner throws when it is cancelled flies.</summary>
    public ValueTask<IntakeEnding?> TakeAsync(in MqttFrame frame, CancellationToken reading, CancellationToken delivering)
    {
        if (Judge(frame, out PublishPacket publish, out ReadOnlyMemory<byte> topic) is { } reason)
        {
            return new ValueTask<IntakeEnding?>(IntakeEnding.Broken(reason));
        }
        if (publish.Quality == MqttQualityOfService.AtMostOnce)
        {
            return DeliverAsync(publish, topic, default, delivering);
        }
        return ring.TryBegin(publish.PacketId, publish.Quality, out uint sequence)
            ? TakeAsync(publish, topic, sequence, delivering)
            : TakeLaterAsync(publish, topic, reading, delivering);
    }

    /// <summary>Waits until the writer has come on.</summary>
    public async ValueTask PauseAsync(CancellationToken reading)
    {
        ring.Uncork();
        await progress.WaitAsync().ConfigureAwait(false);
        reading.ThrowIfCancellationRequested();
        ring.Cork();
    }

    private MqttReasonCode? Judge(in MqttFrame frame, out PublishPacket publish, out ReadOnlyMemory<byte> topic)
    {
        topic = default;
        if (!PublishPacket.TryRead(frame, admission.Version, out publish, out MqttReadError error))
        {
            return error.ToReasonCode();
        }
        if (publish.Properties.TryGet(MqttPropertyId.SubscriptionIdentifier, out uint _))
        {
            // Only a server may say which subscription a message belongs to [MQTT-3.3.4-6].
            return MqttReasonCode.ProtocolError;
        }
        if (publish.Topic.Length > shared.Options.MaximumTopicLength)
        {
            return MqttReasonCode.TopicNameInvalid;
        }
        if (!_aliases.TryResolve(publish, out topic, out MqttReasonCode reason))
        {
            return reason;
        }
        // The quota of 5.0 counts a QoS 1 message until its PUBACK and a QoS 2 message until its PUBCOMP [MQTT-3.3.4-7]. Widespread clients do not
        // keep it. At QoS 1 they need not be sent away: the ring is as long as the quota, and reading stops when it is full. At QoS 2 reading
        // cannot stop, because the PUBREL that frees a place would not be read either.
        bool isOverQuota = publish.Quality == MqttQualityOfService.ExactlyOnce
            && admission.Version == MqttProtocolVersion.V500
            && !publish.Duplicate
            && session.HandOvers.Count >= shared.Options.ReceiveMaximum;
        return isOverQuota ? MqttReasonCode.ReceiveMaximumExceeded : null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IntakeEnding?> TakeLaterAsync(
        PublishPacket publish, ReadOnlyMemory<byte> topic, CancellationToken reading, CancellationToken delivering)
    {
        uint sequence;
        while (!ring.TryBegin(publish.PacketId, publish.Quality, out sequence))
        {
            await PauseAsync(reading).ConfigureAwait(false);
        }
        return await TakeAsync(publish, topic, sequence, delivering).ConfigureAwait(false);
    }

    private ValueTask<IntakeEnding?> TakeAsync(in PublishPacket publish, ReadOnlyMemory<byte> topic, uint sequence, CancellationToken delivering) =>
        publish.Quality == MqttQualityOfService.ExactlyOnce && IsRepetition(publish.PacketId, sequence)
            ? default
            : DeliverAsync(publish, topic, new IntakeTicket(_tickets, sequence), delivering);

    private bool IsRepetition(ushort packetId, uint sequence)
    {
        HandOvers.Arrival arrival = session.HandOvers.Arrive(packetId, session.Epoch, ring, sequence);
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

    private ValueTask<IntakeEnding?> DeliverAsync(in PublishPacket publish, ReadOnlyMemory<byte> topic, IntakeTicket ticket, CancellationToken delivering)
    {
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
            if (!delivery.IsCompletedSuccessfully)
            {
                return FinishAsync(delivery, ticket, delivering);
            }
            delivery.GetAwaiter().GetResult();
            return default;
        }
        catch (Exception fault)
        {
            IntakeEnding ending = Fail(fault, ticket);
            if (delivering.IsCancellationRequested)
            {
                throw;
            }
            return new ValueTask<IntakeEnding?>(ending);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IntakeEnding?> FinishAsync(ValueTask delivery, IntakeTicket ticket, CancellationToken delivering)
    {
        ring.Uncork();
        try
        {
            await delivery.ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            IntakeEnding ending = Fail(fault, ticket);
            if (delivering.IsCancellationRequested)
            {
                throw;
            }
            return ending;
        }
        ring.Cork();
        return null;
    }

    /// <summary>The handler is not ours: whatever it throws ends this connection and no other. What it has not taken must be new when it comes again.</summary>
    private static IntakeEnding Fail(Exception fault, IntakeTicket ticket)
    {
        ticket.Return();
        return new IntakeEnding(IntakeCloseCause.Faulted, MqttReasonCode.ImplementationSpecificError, fault);
    }
}
