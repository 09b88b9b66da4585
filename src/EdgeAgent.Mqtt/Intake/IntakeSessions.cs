using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Mqtt.Receiving;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// Which client ids are known, and which connection each has now. Bounded: see <see cref="IntakeOptions.MaximumSessions"/>. In memory only.
/// </summary>
internal sealed class IntakeSessions(int maximum, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Gives the client id to a connection.</summary>
    /// <param name="clientId">The client id.</param>
    /// <param name="cleanStart">Forget what was before.</param>
    /// <param name="connection">The connection that has it from now on.</param>
    /// <param name="isPresent">Whether there was a session and it goes on.</param>
    /// <param name="displaced">The connection that had it until now and must close, or null.</param>
    public HandOvers Attach(string clientId, bool cleanStart, IntakeConnection connection, out bool isPresent, out IntakeConnection? displaced)
    {
        lock (_gate)
        {
            displaced = null;
            isPresent = false;
            if (_entries.TryGetValue(clientId, out Entry? entry))
            {
                displaced = entry.Connection;
                isPresent = !cleanStart && (displaced is not null || !IsExpired(entry));
            }
            else
            {
                MakeRoom();
            }
            if (!isPresent)
            {
                entry = new Entry();
                _entries[clientId] = entry;
            }
            entry!.Connection = connection;
            return entry.HandOvers;
        }
    }

    /// <summary>The connection has ended: keep the session for a while, or not at all where that is zero.</summary>
    public void Detach(string clientId, IntakeConnection connection, TimeSpan keepFor)
    {
        lock (_gate)
        {
            if (!TryFind(clientId, connection, out Entry? entry))
            {
                return;
            }
            if (keepFor <= TimeSpan.Zero)
            {
                _entries.Remove(clientId);
                return;
            }
            entry.Connection = null;
            entry.KeepFor = keepFor;
            entry.DetachedAt = time.GetTimestamp();
        }
    }

    /// <summary>Forgets what has expired.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach ((string clientId, Entry entry) in _entries)
            {
                if (entry.Connection is null && IsExpired(entry))
                {
                    // A dictionary may be removed from while it is walked.
                    _entries.Remove(clientId);
                }
            }
        }
    }

    private bool TryFind(string clientId, IntakeConnection connection, [NotNullWhen(true)] out Entry? entry) =>
        _entries.TryGetValue(clientId, out entry) && entry.Connection == connection;

    private bool IsExpired(Entry entry) => time.GetElapsedTime(entry.DetachedAt) >= entry.KeepFor;

    private void MakeRoom()
    {
        if (_entries.Count < maximum)
        {
            return;
        }
        // Options say that there are at least as many sessions as connections, so one of them is away or this is the last one that fits.
        KeyValuePair<string, Entry> longestAway = _entries.Where(pair => pair.Value.Connection is null).MinBy(pair => pair.Value.DetachedAt);
        if (longestAway.Key is not null)
        {
            _entries.Remove(longestAway.Key);
        }
    }

    private sealed class Entry
    {
        public HandOvers HandOvers { get; } = new();

        public IntakeConnection? Connection { get; set; }

        public long DetachedAt { get; set; }

        public TimeSpan KeepFor { get; set; }
    }
}
