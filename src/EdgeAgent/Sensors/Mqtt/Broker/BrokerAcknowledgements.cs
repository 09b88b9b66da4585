using System.Threading.Channels;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using MQTTnet;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>
/// QoS 1 messages between arrival and PUBACK. They are acknowledged in the order of arrival (MQTT 5.0 section 4.6), each when its
/// readings are committed.
/// A connection that breaks meanwhile makes the broker send them again, under the same packet id and marked as duplicates, because the
/// session outlives the connection. Such a copy is recognised: it takes the place of the first one and waits for the same commit, so
/// that its readings are in the spool once. (Only where the PUBACK itself was lost on the way is the copy taken for a new message:
/// the packet id may by then stand for another one, and a reading twice is better than one lost.)
/// All of this is gone with the process; what a later one knows is in the records themselves: see <see cref="StoredDeliveries"/>.
/// </summary>
internal sealed class BrokerAcknowledgements(uint session, AgentMetrics metrics) : IDeliverySource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, Entry> _byPacket = [];
    private readonly Queue<Entry> _order = [];
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _tokens;

    /// <summary>Messages of this connection that are not acknowledged yet.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _order.Count;
            }
        }
    }

    /// <summary>Messages of this or an earlier connection that the broker may send again.</summary>
    public bool IsAnyUnderWay
    {
        get
        {
            lock (_lock)
            {
                return _byPacket.Count > 0;
            }
        }
    }

    /// <param name="message">The message.</param>
    /// <param name="contentHash">Tells its content from another's.</param>
    /// <param name="token">For its delivery, or to be settled at once.</param>
    /// <returns>False where it is a copy of one that is under way: nothing is left to do.</returns>
    public bool TryBegin(MqttApplicationMessageReceivedEventArgs message, int contentHash, out long token)
    {
        bool isNew;
        lock (_lock)
        {
            isNew = !(message.ApplicationMessage.Dup
                && _byPacket.TryGetValue(message.PacketIdentifier, out Entry? entry) && entry.ContentHash == contentHash);
            if (isNew)
            {
                entry = new Entry { Token = (++_tokens << 16) | message.PacketIdentifier, ContentHash = contentHash };
                _byPacket[message.PacketIdentifier] = entry;
            }
            else
            {
                entry = _byPacket[message.PacketIdentifier];
                metrics.MessagesRedelivered.Add();
            }
            entry.Message = message;
            token = entry.Token;
            _order.Enqueue(entry);
        }
        _changed.Writer.TryWrite(true);
        return isNew;
    }

    public DeliveryMark MarkOf(long token) => new(session, (ushort)token);

    public void Committed(long token)
    {
        lock (_lock)
        {
            if (_byPacket.TryGetValue((ushort)token, out Entry? entry) && entry.Token == token)
            {
                entry.IsSettled = true;
            }
        }
        _changed.Writer.TryWrite(true);
    }

    /// <summary>Not acknowledged, and forgotten: when it comes again it is taken anew.</summary>
    public void Failed(long token)
    {
        lock (_lock)
        {
            if (_byPacket.TryGetValue((ushort)token, out Entry? entry) && entry.Token == token)
            {
                _byPacket.Remove((ushort)token);
            }
        }
    }

    /// <summary>Nothing can be acknowledged on the old connection any more; the broker will send the messages again.</summary>
    public void ConnectionLost()
    {
        lock (_lock)
        {
            _order.Clear();
        }
    }

    /// <summary>The broker has no session for us: packet ids begin anew.</summary>
    public void SessionLost()
    {
        lock (_lock)
        {
            _byPacket.Clear();
        }
    }

    /// <summary>Sends what is due, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _changed.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            _changed.Reader.TryRead(out _);
            while (NextDue() is { } entry)
            {
                await AcknowledgeAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task AcknowledgeAsync(Entry entry, CancellationToken cancellationToken)
    {
        try
        {
            await entry.Message!.AcknowledgeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The connection broke. The entry stays under its packet id; the copy that will come finds it settled.
            return;
        }
        metrics.MessagesAcknowledged.Add(ReadingSource.MqttBroker);
        lock (_lock)
        {
            if (_byPacket.TryGetValue((ushort)entry.Token, out Entry? current) && current == entry)
            {
                _byPacket.Remove((ushort)entry.Token);
            }
        }
    }

    private Entry? NextDue()
    {
        lock (_lock)
        {
            return _order.TryPeek(out Entry? first) && first.IsSettled ? _order.Dequeue() : null;
        }
    }

    private sealed class Entry
    {
        /// <summary>The packet id in the low 16 bits, a number that is never used again above.</summary>
        public required long Token { get; init; }

        public required int ContentHash { get; init; }

        public MqttApplicationMessageReceivedEventArgs? Message { get; set; }

        public bool IsSettled { get; set; }
    }
}
