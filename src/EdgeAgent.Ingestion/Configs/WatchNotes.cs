using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// What is learned while devices wait (who asks, what it holds, what it was sent), to be stored in one transaction for however many devices it is about. Bounded
/// by the devices: the newest of each counts.
/// </summary>
internal sealed class WatchNotes(ControlDatabase control, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Held> _held = [];
    private readonly Dictionary<string, Sent> _sent = [];

    /// <summary>A device has asked.</summary>
    public void NoteHeld(string device, long number, byte[] hash, string agentVersion)
    {
        lock (_gate)
        {
            _held[device] = new Held(device, number, hash, agentVersion, time.GetUtcNow().ToUnixNanoseconds());
        }
    }

    /// <summary>A device was sent a revision.</summary>
    public void NoteSent(string device, long number)
    {
        lock (_gate)
        {
            _sent[device] = new Sent(device, number);
        }
    }

    /// <summary>Stores what there is.</summary>
    /// <exception cref="StoreUnavailableException">It is kept for the next time.</exception>
    public void Store()
    {
        Held[] held;
        Sent[] sent;
        lock (_gate)
        {
            if (_held.Count == 0 && _sent.Count == 0)
            {
                return;
            }
            (held, sent) = ([.. _held.Values], [.. _sent.Values]);
        }
        // Most devices that come back hold what they held before.
        if (sent.Length > 0 || control.Read(session => held.Any(note => !IsStored(session, note))))
        {
            control.Change(session => Store(session, held, sent));
        }
        lock (_gate)
        {
            Forget(_held, held, static note => note.Device);
            Forget(_sent, sent, static note => note.Device);
        }
    }

    private static bool IsStored(ControlSession session, Held note) => DeviceRows.Find(session, note.Device) is { Watched: > 0 } known && IsSame(known, note);

    private static bool IsSame(DesiredRevision known, Held note) =>
        known.HeldNumber == note.Number && known.HeldHash.AsSpan().SequenceEqual(note.Hash) && known.AgentVersion == note.AgentVersion;

    private void Store(ControlSession session, Held[] held, Sent[] sent)
    {
        long now = time.GetUtcNow().ToUnixNanoseconds();
        var making = new RevisionMaking(session, now);
        foreach (Held note in held)
        {
            making.Make(note.Device);
            DesiredRevision known = DeviceRows.Get(session, note.Device);
            if (known.Watched == 0 || !IsSame(known, note))
            {
                // What the device has reported since it asked is newer.
                bool isNews = ReportBook.Latest(session, note.Device, 1) is not [var report] || report.Received <= note.Asked;
                DeviceRows.Put(session, known with
                {
                    HeldNumber = isNews ? note.Number : known.HeldNumber,
                    HeldHash = isNews ? note.Hash : known.HeldHash,
                    AgentVersion = note.AgentVersion,
                    Watched = known.Watched == 0 ? now : known.Watched,
                    Changed = DeviceRows.NextChange(session),
                });
            }
        }
        foreach (Sent note in sent)
        {
            DesiredRevision known = DeviceRows.Get(session, note.Device);
            DeviceRows.Put(session, known with { SentNumber = note.Number, Sent = now, Changed = DeviceRows.NextChange(session) });
            if (RevisionRows.Find(session, note.Device, note.Number) is { } revision)
            {
                RolloutRows.NoteSent(session, note.Device, revision.Inputs, now);
            }
        }
    }

    private static void Forget<T>(Dictionary<string, T> notes, T[] stored, Func<T, string> device)
        where T : class
    {
        foreach (T note in stored)
        {
            // A newer one has come meanwhile and is for the next time.
            if (ReferenceEquals(notes[device(note)], note))
            {
                notes.Remove(device(note));
            }
        }
    }

    private sealed record Held(string Device, long Number, byte[] Hash, string AgentVersion, long Asked);

    private sealed record Sent(string Device, long Number);
}
