using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>
/// The last messages of one session whose readings a lane holds: for each packet id the record with its readings. Records are added in
/// their order; the oldest are given up where more messages are known than the broker can have sent ahead of their acknowledgements.
/// </summary>
/// <param name="window">How many messages the broker may have sent that were not acknowledged.</param>
internal sealed class LaneDeliveries(int window)
{
    /// <summary>A bound of memory, some five megabytes. Beyond it copies of older messages are taken for new ones.</summary>
    private const int MaximumReadings = 100_000;

    /// <summary>Half of the ids: a broker that numbers upwards is never that far ahead of its last message.</summary>
    private const int FarAhead = 1 << 15;

    /// <summary>
    /// A broker that is killed may count on from an older number, and deliver what it had delivered: an id then comes a few times. One that takes
    /// the lowest free id uses the same few over and over, a hundred under way at once even eight times among a thousand messages.
    /// </summary>
    private const int TooOften = 8;

    /// <summary>Twice may be the last message before a kill, which comes again.</summary>
    private const int TooOftenInARow = 3;

    private readonly Queue<(ushort PacketId, RecordReadings Record)> _order = [];
    private readonly Dictionary<ushort, int> _uses = [];
    private readonly HashSet<ushort> _ascending = [];
    private readonly Dictionary<ushort, List<RecordReadings>> _records = [];
    private ushort _last;
    private bool _isContinued;
    private ushort _lastInterleaved;
    private bool _isInterleavedContinued;
    private bool _isAnyTooOften;
    private int _inARow;
    private int _readings;

    /// <summary>How many messages are known.</summary>
    public int Count => _records.Count;

    /// <summary>
    /// Whether the id alone says which message is meant, as it must where a reading has no time of its own: it came since the numbers last
    /// fell back, and the broker does not use ids again as soon as it may.
    /// </summary>
    public bool IsSure(ushort packetId) => !_isAnyTooOften && _ascending.Contains(packetId);

    public void Add(Deliveries deliveries, RecordReadings record)
    {
        _readings += record.Count;
        int at = 0;
        for (int run = 0; run + 1 < deliveries.Runs.Count; run += 2)
        {
            at += (int)deliveries.Runs[run];
            for (uint id = 0; id <= Math.Min(deliveries.Runs[run + 1], ushort.MaxValue); id++)
            {
                Add((ushort)(at + id), record, deliveries.Interleaved);
            }
            at += (int)deliveries.Runs[run + 1];
        }
        if (deliveries.Interleaved)
        {
            _isInterleavedContinued = deliveries.Continued;
        }
        else
        {
            _isContinued = deliveries.Continued;
        }
        while (_order.Count > window || (_readings > MaximumReadings && _order.Peek().Record != record))
        {
            RemoveOldest();
        }
    }

    /// <summary>The records that hold readings of the message; none where it is not known.</summary>
    public IReadOnlyList<RecordReadings> Find(ushort packetId) => _records.TryGetValue(packetId, out List<RecordReadings>? records) ? records : [];

    /// <summary>The id means another message now.</summary>
    public void Forget(ushort packetId) => _records.Remove(packetId);

    /// <param name="packetId">Of the message.</param>
    /// <param name="record">Has its readings.</param>
    /// <param name="isInterleaved">It has a time of its own, and its id no place in the order of those that have none.</param>
    private void Add(ushort packetId, RecordReadings record, bool isInterleaved)
    {
        int ahead = (ushort)(packetId - _last);
        bool isSameMessage = (ahead == 0 && _isContinued) || (packetId == _lastInterleaved && _isInterleavedContinued);
        if (!isSameMessage)
        {
            // What the id meant before was acknowledged, or it could not have been used again.
            _records[packetId] = [];
            int uses = _uses[packetId] = _uses.GetValueOrDefault(packetId) + 1;
            _inARow = isInterleaved ? _inARow : ahead == 0 ? _inARow + 1 : 1;
            _isAnyTooOften |= uses >= TooOften || _inARow >= TooOftenInARow;
            if (!isInterleaved)
            {
                if (ahead is 0 or >= FarAhead)
                {
                    _ascending.Clear();
                }
                _ascending.Add(packetId);
            }
        }
        if (!_records.TryGetValue(packetId, out List<RecordReadings>? records))
        {
            _records.Add(packetId, records = []);
        }
        records.Add(record);
        _order.Enqueue((packetId, record));
        if (isInterleaved)
        {
            (_lastInterleaved, _isInterleavedContinued) = (packetId, false);
        }
        else
        {
            (_last, _isContinued) = (packetId, false);
            _isInterleavedContinued &= packetId != _lastInterleaved;
        }
    }

    private void RemoveOldest()
    {
        (ushort packetId, RecordReadings record) = _order.Dequeue();
        _uses[packetId]--;
        if (_records.TryGetValue(packetId, out List<RecordReadings>? records) && records.Remove(record) && records.Count == 0)
        {
            _records.Remove(packetId);
        }
        if (_order.Count == 0 || _order.Peek().Record != record)
        {
            _readings -= record.Count;
        }
    }
}
