using System.Buffers;
using System.Threading.Channels;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Mqtt.Mapping;

namespace EdgeAgent.Sensors.Mqtt;

/// <summary>
/// From a message to the channel: maps, counts, and writes the readings of one message in order, the last with the delivery.
/// Both transports use it.
/// </summary>
internal sealed class ReadingWriter(MessageMapping mapping, ReadingChannel channel, AgentMetrics metrics, DiscardLog discards, ReadingSource source)
{
    /// <summary>Maps a message. Where it gives no reading it is settled by the caller; otherwise the readings are to be given to <see cref="WriteAsync"/>.</summary>
    public WriteOutcome Map(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool isUnwanted, out MessageReadings readings)
    {
        readings = default;
        metrics.MessagesReceived.Add(source);
        if (isUnwanted)
        {
            metrics.MessagesDiscarded.Add(DiscardCause.Retained);
            return WriteOutcome.Discarded(DiscardCause.Retained);
        }
        Reading[] buffer = ArrayPool<Reading>.Shared.Rent(mapping.MaximumReadings);
        MappedMessage mapped = mapping.Map(topic, payload, buffer);
        if (mapped.Readings > 0)
        {
            readings = new MessageReadings(buffer, mapped.Readings, mapped.IsStamped);
            return WriteOutcome.Mapped;
        }
        ArrayPool<Reading>.Shared.Return(buffer);
        if (mapped.Discarded is not { } cause)
        {
            return WriteOutcome.Empty;
        }
        metrics.MessagesDiscarded.Add(cause);
        discards.Show(cause, topic, payload);
        return WriteOutcome.Discarded(cause);
    }

    /// <summary>
    /// Writes the readings, waiting while the channel is full. Where it is cancelled between two readings of a message that comes
    /// again, those already written come twice: that takes a full channel at the moment of stopping.
    /// </summary>
    /// <returns>False where the channel has been closed: the message is not taken.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while the channel was full.</exception>
    public ValueTask<bool> WriteAsync(MessageReadings readings, Delivery delivery, CancellationToken cancellationToken)
    {
        Reading[] buffer = readings.Buffer;
        DeliveryMark mark = delivery.Mark;
        for (int i = 0; i < readings.Count && mark.IsKept; i++)
        {
            buffer[i] = buffer[i].Marked(mark);
        }
        buffer[readings.Count - 1] = buffer[readings.Count - 1].Settling(delivery);
        for (int i = 0; i < readings.Count; i++)
        {
            if (!channel.TryWrite(buffer[i]))
            {
                return WriteSlowlyAsync(readings, i, cancellationToken);
            }
        }
        Finish(readings);
        return new ValueTask<bool>(true);
    }

    /// <summary>Gives back the buffer of readings that are not to be written.</summary>
    public static void Drop(MessageReadings readings) => ArrayPool<Reading>.Shared.Return(readings.Buffer);

    private async ValueTask<bool> WriteSlowlyAsync(MessageReadings readings, int first, CancellationToken cancellationToken)
    {
        try
        {
            for (int i = first; i < readings.Count; i++)
            {
                await channel.WriteAsync(readings.Buffer[i], cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ChannelClosedException)
        {
            return false;
        }
        Finish(readings);
        return true;
    }

    private void Finish(MessageReadings readings)
    {
        metrics.ReadingsRead.Add(source, readings.Count);
        ArrayPool<Reading>.Shared.Return(readings.Buffer);
    }
}

/// <summary>The readings of one message in a pooled buffer, which <see cref="ReadingWriter.WriteAsync"/> or <see cref="ReadingWriter.Drop"/> gives back.</summary>
/// <param name="Buffer">Pooled.</param>
/// <param name="Count">How many of it are readings.</param>
/// <param name="AreStamped">Their times are the message's own, and not those of its arrival.</param>
internal readonly record struct MessageReadings(Reading[] Buffer, int Count, bool AreStamped);

/// <summary>What the caller does with the message.</summary>
/// <param name="HasReadings">Write them; the delivery settles the message.</param>
/// <param name="Cause">Why there is nothing; null where every value was dropped by itself and counted. Settle the message: it would fail again.</param>
internal readonly record struct WriteOutcome(bool HasReadings, DiscardCause? Cause)
{
    public static readonly WriteOutcome Mapped = new(true, null);

    public static readonly WriteOutcome Empty = new(false, null);

    public static WriteOutcome Discarded(DiscardCause cause) => new(false, cause);
}
