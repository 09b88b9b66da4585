namespace EdgeAgent.Torture.Kill;

/// <summary>
/// What passed between broker and agent, message by message: what the agent owes, and what is the broker's own doing. A broker that is
/// killed may forget that a message was acknowledged, or that it was sent; it then delivers it as a new one, and storing that is right.
/// </summary>
internal sealed class TapLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Entry> _entries = [];
    private int _recognisable;
    private int _agentLife;

    /// <summary>Rises when a broker has been killed.</summary>
    public int BrokerLife
    {
        get
        {
            lock (_lock)
            {
                return field;
            }
        }

        private set;
    }

    /// <summary>Messages that the living broker has delivered and the agent has not acknowledged since. What an earlier life delivered may be forgotten.</summary>
    public IReadOnlyList<int> Unsettled()
    {
        lock (_lock)
        {
            return [.. _entries.Where(entry => entry.Value.UnsettledInLife == BrokerLife).Select(entry => entry.Key)];
        }
    }

    /// <summary>Deliveries that the agent had to know again: marked as duplicates, under the same packet id, and not acknowledged to this broker.</summary>
    public int Recognisable
    {
        get
        {
            lock (_lock)
            {
                return _recognisable;
            }
        }
    }

    /// <summary>The agent's next life begins: what it is given again from now on it cannot remember.</summary>
    public void AgentKilled()
    {
        lock (_lock)
        {
            _agentLife++;
        }
    }

    public void BrokerKilled()
    {
        lock (_lock)
        {
            BrokerLife++;
        }
    }

    public void Delivered(int number, ushort packetId, bool isDuplicate, int brokerLife)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(number, out Entry? entry))
            {
                _entries.Add(number, entry = new Entry());
            }
            bool hasBrokerForgotten = entry.AcknowledgedInLife is { } life && life < brokerLife;
            if (entry.TimesNew == 0 || !isDuplicate || packetId != entry.PacketId || hasBrokerForgotten)
            {
                entry.TimesNew++;
            }
            else
            {
                _recognisable++;
                entry.IsRepeatedInOneLife |= entry.AgentLife == _agentLife;
            }
            entry.AgentLife = _agentLife;
            entry.UnsettledInLife = brokerLife;
            entry.PacketId = packetId;
            entry.AcknowledgedInLife = null;
        }
    }

    public void Acknowledged(int number, int brokerLife)
    {
        lock (_lock)
        {
            Entry entry = _entries[number];
            entry.IsAcknowledged = true;
            entry.AcknowledgedInLife = brokerLife;
            entry.UnsettledInLife = null;
        }
    }

    public bool WasDelivered(int number)
    {
        lock (_lock)
        {
            return _entries.ContainsKey(number);
        }
    }

    /// <summary>The agent said that it is safe.</summary>
    public bool WasAcknowledged(int number)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(number, out Entry? entry) && entry.IsAcknowledged;
        }
    }

    /// <summary>Repeated to the same process of the agent: its connection broke, by the broker's end or another's.</summary>
    public bool IsRepeatedInOneLife(int number)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(number, out Entry? entry) && entry.IsRepeatedInOneLife;
        }
    }

    /// <summary>How often it looked like a new message.</summary>
    public int TimesNew(int number)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(number, out Entry? entry) ? entry.TimesNew : 0;
        }
    }

    private sealed class Entry
    {
        public ushort PacketId { get; set; }

        public int TimesNew { get; set; }

        public int AgentLife { get; set; }

        public bool IsRepeatedInOneLife { get; set; }

        public int? UnsettledInLife { get; set; }

        public bool IsAcknowledged { get; set; }

        /// <summary>The life of the broker that was told; null where it has delivered the message since.</summary>
        public int? AcknowledgedInLife { get; set; }
    }
}
