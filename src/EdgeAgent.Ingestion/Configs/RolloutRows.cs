using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>The rollouts of the database.</summary>
internal static class RolloutRows
{
    private const string Select =
        "SELECT number, layer, version, base, stages, stage, soak, stop_at, forgiven, state, reason, author, started, entered FROM config_rollouts ";

    private const string ReportedOf = "SELECT COUNT(*) FROM config_rollout_devices WHERE rollout = @rollout AND place < @places";

    public static Rollout? Newest(ControlSession session, Layer layer) =>
        session.Query(Select + "WHERE layer = @layer ORDER BY number DESC LIMIT 1", Read, ("layer", layer.ToString())).SingleOrDefault();

    /// <exception cref="ConfigRefusedException">There is no such rollout.</exception>
    public static Rollout Get(ControlSession session, long number) =>
        session.Query(Select + "WHERE number = @number", Read, ("number", number)).SingleOrDefault() ?? throw ConfigRefusedException.Missing($"rollout {number}");

    public static List<Rollout> Moving(ControlSession session) => session.Query(
        Select + "WHERE state IN (@sending, @soaking) ORDER BY number", Read,
        ("sending", nameof(RolloutState.Sending)), ("soaking", nameof(RolloutState.Soaking)));

    /// <summary>The newest first.</summary>
    public static List<Rollout> Latest(ControlSession session, int limit) =>
        session.Query(Select + "ORDER BY number DESC LIMIT @limit", Read, ("limit", (long)limit));

    /// <summary>Adds it. Its number is the next one, whatever <paramref name="rollout"/> says.</summary>
    public static Rollout Add(ControlSession session, Rollout rollout)
    {
        rollout = rollout with { Number = session.Next("config_rollouts", "number") };
        session.Execute(
            """
            INSERT INTO config_rollouts VALUES (
                @number, @layer, @version, @base, @stages, @stage, @soak, @stop_at, @forgiven, @state, @reason, @author, @started, @entered)
            """,
            ("number", rollout.Number), ("layer", rollout.Layer.ToString()), ("version", rollout.Version), ("base", rollout.Base),
            ("stages", RolloutStage.Format(rollout.Stages)), ("stage", (long)rollout.Stage), ("soak", (long)rollout.Soak.TotalSeconds),
            ("stop_at", rollout.StopAt), ("forgiven", rollout.Forgiven), ("state", rollout.State.ToString()), ("reason", rollout.Reason),
            ("author", rollout.Author), ("started", rollout.Started), ("entered", rollout.Entered));
        return rollout;
    }

    /// <summary>
    /// Says whom a staged rollout is for, in an order that nobody can choose and everybody can find again: that of SHA-256("NUMBER:NAME").
    /// </summary>
    public static void AddDevices(ControlSession session, Rollout rollout, IEnumerable<string> devices)
    {
        long place = 0;
        string Drawn(string device) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{rollout.Number}:{device}")));
        foreach (string device in devices.OrderBy(Drawn, StringComparer.Ordinal))
        {
            session.Execute(
                "INSERT INTO config_rollout_devices VALUES (@rollout, @device, @place, 0, 0)",
                ("rollout", rollout.Number), ("device", device), ("place", place++));
        }
    }

    /// <summary>Notes where it is now.</summary>
    public static void Move(ControlSession session, Rollout rollout) => session.Execute(
        "UPDATE config_rollouts SET stage = @stage, state = @state, reason = @reason, forgiven = @forgiven, entered = @entered WHERE number = @number",
        ("stage", (long)rollout.Stage), ("state", rollout.State.ToString()), ("reason", rollout.Reason), ("forgiven", rollout.Forgiven),
        ("entered", rollout.Entered), ("number", rollout.Number));

    /// <summary>Whether the version is meant for the device at present, where it is not for all.</summary>
    public static bool Includes(ControlSession session, Rollout rollout, string device)
    {
        (long Place, long Sent)? row = session.Query(
            "SELECT place, sent FROM config_rollout_devices WHERE rollout = @rollout AND device = @device",
            static row => ((long, long)?)(row.GetInt64(0), row.GetInt64(1)), ("rollout", rollout.Number), ("device", device)).SingleOrDefault();
        return row is { } found && (rollout.State == RolloutState.Stopped ? found.Sent != 0 : found.Place < Places(session, rollout, rollout.Stage));
    }

    /// <summary>In the rollout's order; none where it went to all at once.</summary>
    public static List<RolloutDevice> Devices(ControlSession session, long rollout) => session.Query(
        "SELECT device, place, sent, outcome FROM config_rollout_devices WHERE rollout = @rollout ORDER BY place",
        static row => new RolloutDevice(row.GetString(0), row.GetInt64(1), row.GetInt64(2), (ConfigOutcome)row.GetInt64(3)), ("rollout", rollout));

    public static RolloutTally Tally(ControlSession session, Rollout rollout)
    {
        string applied = $" AND outcome = {(int)ConfigOutcome.Applied}";
        long places = Places(session, rollout, rollout.Stage);
        long before = rollout.Stage == 0 ? 0 : Places(session, rollout, rollout.Stage - 1);
        return new RolloutTally(
            places,
            Count(session, rollout, places, " AND (sent <> 0 OR outcome <> 0)"),
            Count(session, rollout, places, applied),
            Count(session, rollout, places, $" AND outcome IN ({(int)ConfigOutcome.Rejected}, {(int)ConfigOutcome.Reverted})"),
            places - before,
            Count(session, rollout, places, applied) - Count(session, rollout, before, applied));
    }

    /// <summary>The device was sent a revision that is made of these versions.</summary>
    public static void NoteSent(ControlSession session, string device, RevisionInputs inputs, long now) =>
        // One that has stopped reaches nobody: what it decides must not change without anybody's doing.
        Note(session, device, inputs, "sent = @value", $"AND state <> '{nameof(RolloutState.Stopped)}'", now);

    /// <summary>The device has said what became of one.</summary>
    public static void NoteOutcome(ControlSession session, string device, RevisionInputs inputs, ConfigOutcome outcome) =>
        Note(session, device, inputs, "outcome = @value", "", (long)outcome);

    /// <summary>How many devices the stages are for up to this one.</summary>
    private static long Places(ControlSession session, Rollout rollout, int stage) => rollout.Stages[stage].Of(Count(session, rollout, long.MaxValue, ""));

    private static long Count(ControlSession session, Rollout rollout, long places, string condition) => session.Query(
        ReportedOf + condition, static row => row.GetInt64(0), ("rollout", rollout.Number), ("places", places))[0];

    private static void Note(ControlSession session, string device, RevisionInputs inputs, string change, string whereRollout, long value)
    {
        foreach ((Layer layer, long version) in inputs.Versions)
        {
            session.Execute(
                $"""
                UPDATE config_rollout_devices SET {change} WHERE device = @device AND rollout IN (
                    SELECT number FROM config_rollouts WHERE layer = @layer AND version = @version {whereRollout})
                """,
                ("value", value), ("device", device), ("layer", layer.ToString()), ("version", version));
        }
    }

    private static Rollout Read(DbDataReader row)
    {
        _ = Layer.TryParse(row.GetString(1), out Layer layer);
        _ = RolloutStage.TryParseAll(row.GetString(4), out IReadOnlyList<RolloutStage> stages);
        return new Rollout(
            row.GetInt64(0), layer, row.GetInt64(2), row.GetInt64(3), stages, (int)row.GetInt64(5), TimeSpan.FromSeconds(row.GetInt64(6)), row.GetDouble(7),
            row.GetInt64(8), Enum.Parse<RolloutState>(row.GetString(9)), row.GetString(10), row.GetString(11), row.GetInt64(12), row.GetInt64(13));
    }
}
