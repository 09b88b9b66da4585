using System.Data.Common;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>The devices of the database: what each should run, holds, and was sent.</summary>
internal static class DeviceRows
{
    private const string Select =
        """
        SELECT device, inputs, number, hash, repeated, refused, held_number, held_hash, sent_number, sent, watched, agent_version, changed
        FROM config_devices 
        """;

    public static DesiredRevision? Find(ControlSession session, string device) =>
        session.Query(Select + "WHERE device = @device", Read, ("device", device)).SingleOrDefault();

    /// <exception cref="ConfigRefusedException">Nothing was ever heard of it, nor said about it.</exception>
    public static DesiredRevision Get(ControlSession session, string device) =>
        Find(session, device) ?? throw ConfigRefusedException.Missing($"device {device}: it has never called, and nothing was pushed for it");

    public static List<DesiredRevision> ChangedAfter(ControlSession session, long changed) =>
        session.Query(Select + "WHERE changed > @changed ORDER BY changed", Read, ("changed", changed));

    /// <summary>By name, behind one.</summary>
    public static List<DesiredRevision> Page(ControlSession session, string after, int limit) => session.Query(
        Select + "WHERE device > @after ORDER BY device LIMIT @limit", Read, ("after", after), ("limit", (long)limit));

    public static List<string> Names(ControlSession session) => session.Query("SELECT device FROM config_devices", static row => row.GetString(0));

    /// <summary>The devices that a layer is for, and of which the service knows.</summary>
    public static List<string> In(ControlSession session, Layer layer) => layer.Kind switch
    {
        LayerKind.Fleet => Names(session),
        LayerKind.Group => GroupRows.Members(session, layer.Name),
        _ => [layer.Name],
    };

    /// <summary>The number for what is changed now.</summary>
    public static long NextChange(ControlSession session) => session.Next("config_devices", "changed");

    public static void Put(ControlSession session, DesiredRevision device) => session.Execute(
        """
        INSERT INTO config_devices (
            device, watched, agent_version, inputs, number, hash, repeated, refused, held_number, held_hash, sent_number, sent, changed)
        VALUES (
            @device, @watched, @agent_version, @inputs, @number, @hash, @repeated, @refused, @held_number, @held_hash, @sent_number, @sent, @changed)
        ON CONFLICT (device) DO UPDATE SET
            watched = excluded.watched, agent_version = excluded.agent_version, inputs = excluded.inputs, number = excluded.number, hash = excluded.hash,
            repeated = excluded.repeated, refused = excluded.refused, held_number = excluded.held_number, held_hash = excluded.held_hash,
            sent_number = excluded.sent_number, sent = excluded.sent, changed = excluded.changed
        """,
        ("device", device.Device), ("watched", device.Watched), ("agent_version", device.AgentVersion), ("inputs", device.Inputs), ("number", device.Number),
        ("hash", device.Hash), ("repeated", device.IsRepeated ? 1L : 0L), ("refused", device.IsRefused ? 1L : 0L), ("held_number", device.HeldNumber),
        ("held_hash", device.HeldHash), ("sent_number", device.SentNumber), ("sent", device.Sent), ("changed", device.Changed));

    private static DesiredRevision Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), (byte[])row.GetValue(3), row.GetInt64(4) != 0, row.GetInt64(5) != 0, row.GetInt64(6),
        (byte[])row.GetValue(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetString(11), row.GetInt64(12));
}
