using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Mqtt.Receiving;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>What a connection gets of its client id's session.</summary>
/// <param name="HandOvers">The QoS 2 messages that are being handed over.</param>
/// <param name="Epoch">The connection's number among those that the session had.</param>
/// <param name="IsPresent">Whether there was a session and it goes on.</param>
/// <param name="Displaced">The connection that had the client id until now and must close, or null.</param>
internal readonly record struct IntakeSession(HandOvers HandOvers, int Epoch, bool IsPresent, IntakeConnection? Displaced);

/// <summary>
/// Which client ids are known, which connection each has now, and the will of each that is away and may still come back.
/// Bounded: see <see cref="IntakeOptions.MaximumSessions"/>. In memory only.
/// </summary>
internal sealed class IntakeSessions(int maximum, IntakeWills wills, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Gives the client id to a connection.</summary>
    /// <param name="clientId">The client id.</param>
    /// <param name="cleanStart">Forget what was before.</param>
    /// <param name="keepFor">How long the session is to outlive the connection.</param>
    /// <param name="connection">The connection that has it from now on.</param>
    public IntakeSession Attach(string clientId, bool cleanStart, TimeSpan keepFor, IntakeConnection connection)
    {
        lock (_gate)
        {
            bool isPresent = false;
            if (_entries.TryGetValue(clientId, out Entry? entry))
            {
                // A session that was not to outlive its connection ends with it, also where the connection is only now displaced.
                isPresent = !cleanStart && (entry.Connection is null ? !IsExpired(entry) : entry.KeepFor > TimeSpan.Zero);
            }
            else
            {
                MakeRoom();
            }
            IntakeConnection? displaced = entry?.Connection;
            if (isPresent)
            {
                // Back in time [MQTT-3.1.3-9].
                entry!.CancelWill(wills);
            }
            else
            {
                entry?.ReleaseWill(wills);
                entry = new Entry(clientId);
                _entries[clientId] = entry;
            }
            entry.Connection = connection;
            entry.KeepFor = keepFor;
            return new IntakeSession(entry.HandOvers, isPresent ? entry.HandOvers.Resume() : 0, isPresent, displaced);
        }
    }

    /// <summary>The connection has ended: keep the session for a while, or not at all where that is zero.</summary>
    /// <param name="clientId">The client id.</param>
    /// <param name="connection">The connection that had it.</param>
    /// <param name="keepFor">How long.</param>
    /// <param name="will">What is to be published unless the device comes back within the will's delay; null for nothing.</param>
    /// <returns>Whether the session has taken the will. Otherwise it is due at once.</returns>
    public bool Detach(string clientId, IntakeConnection connection, TimeSpan keepFor, MqttWill? will)
    {
        lock (_gate)
        {
            if (!TryFind(clientId, connection, out Entry? entry))
            {
                return false;
            }
            if (keepFor <= TimeSpan.Zero)
            {
                _entries.Remove(clientId);
                return false;
            }
            entry.Connection = null;
            entry.KeepFor = keepFor;
            entry.DetachedAt = time.GetTimestamp();
            return will is { } left && entry.TryHoldWill(left, wills);
        }
    }

    /// <summary>Forgets what has expired, and publishes the wills whose time has come.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach ((string clientId, Entry entry) in _entries)
            {
                if (entry.Connection is not null)
                {
                    continue;
                }
                if (IsExpired(entry))
                {
                    // A dictionary may be removed from while it is walked. The end of a session is the end of a will's delay too.
                    _entries.Remove(clientId);
                    entry.ReleaseWill(wills);
                }
                else if (time.GetElapsedTime(entry.DetachedAt) >= entry.WillDelay)
                {
                    entry.ReleaseWill(wills);
                }
            }
        }
    }

    /// <summary>All sessions end, since they are not remembered beyond this.</summary>
    public void End()
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries.Values)
            {
                entry.ReleaseWill(wills);
            }
            _entries.Clear();
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
            longestAway.Value.ReleaseWill(wills);
        }
    }

    private sealed class Entry(string clientId)
    {
        private MqttWill? _will;

        public HandOvers HandOvers { get; } = new();

        public IntakeConnection? Connection { get; set; }

        public long DetachedAt { get; set; }

        public TimeSpan KeepFor { get; set; }

        /// <summary>Counted from <see cref="DetachedAt"/>.</summary>
        public TimeSpan WillDelay { get; private set; }

        public bool TryHoldWill(in MqttWill will, IntakeWills wills)
        {
            WillDelay = will.Delay;
            if (WillDelay == TimeSpan.Zero || !wills.TryHold())
            {
                return false;
            }
            _will = will;
            return true;
        }

        public void CancelWill(IntakeWills wills)
        {
            if (_will is not null)
            {
                _will = null;
                wills.Cancel();
            }
        }

        public void ReleaseWill(IntakeWills wills)
        {
            if (_will is { } will)
            {
                _will = null;
                wills.Release(clientId, will);
            }
        }
    }
}
