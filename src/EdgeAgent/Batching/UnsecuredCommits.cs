using EdgeAgent.Spooling;

namespace EdgeAgent.Batching;

/// <summary>
/// Commits that are done, of which memory may still hold something that neither flash nor the cloud has; oldest first. Where everything is written
/// at once there are none for longer than a moment.
/// </summary>
internal sealed class UnsecuredCommits
{
    /// <summary>A bound of memory: some kilobytes. Of more the newest are taken as one, and whoever waits for them is told a little later.</summary>
    private const int Most = 1024;

    private readonly List<Entry> _entries = [];

    /// <summary>What a power cut would lose of readings that nobody else has.</summary>
    public Risk Risk
    {
        get
        {
            Risk risk = Risk.None;
            foreach (Entry entry in _entries)
            {
                risk = risk.With(entry.Risk);
            }
            return risk;
        }
    }

    /// <param name="queue">The lane of which memory may hold something.</param>
    /// <param name="through">What was committed of it.</param>
    /// <param name="deliveries">How many wait for it.</param>
    /// <param name="risk">Readings in it that nobody else has.</param>
    public void Add(SpoolQueue queue, ulong through, int deliveries, Risk risk)
    {
        var entry = new Entry(queue, through, deliveries, risk);
        if (_entries.Count == Most && _entries[^1] is var last && last.Queue == queue)
        {
            _entries[^1] = entry with { Deliveries = last.Deliveries + deliveries, Risk = last.Risk.With(risk) };
            return;
        }
        _entries.Add(entry);
    }

    /// <summary>Forgets those that are on flash or in the cloud by now.</summary>
    /// <returns>How many waited for them: the first in their order.</returns>
    public int TakeSecured()
    {
        int count = 0;
        int deliveries = 0;
        for (; count < _entries.Count && _entries[count].IsSecured; count++)
        {
            deliveries += _entries[count].Deliveries;
        }
        _entries.RemoveRange(0, count);
        return deliveries;
    }

    /// <summary>Forgets them all.</summary>
    public int TakeAll()
    {
        int deliveries = _entries.Sum(static entry => entry.Deliveries);
        _entries.Clear();
        return deliveries;
    }

    private readonly record struct Entry(SpoolQueue Queue, ulong Through, int Deliveries, Risk Risk)
    {
        public bool IsSecured => Queue.Secured >= Through;
    }
}
