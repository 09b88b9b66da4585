using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>Decisions about devices, as they are stored.</summary>
internal static class DeviceRecords
{
    private const string Columns = "SELECT device, standing, reason, author, since, credentials_from FROM identity_devices";

    /// <summary>Devices that are not simply active.</summary>
    public static IReadOnlyDictionary<string, DeviceDecision> Restricted(ControlSession session) =>
        Query(session, $"{Columns} WHERE standing <> 0 OR credentials_from <> 0").ToDictionary(decision => decision.Device, StringComparer.Ordinal);

    public static DeviceDecision Find(ControlSession session, string device) =>
        Query(session, $"{Columns} WHERE device = @device", ("device", device)).SingleOrDefault() ?? DeviceDecision.None(device);

    public static IReadOnlyList<DeviceDecision> All(ControlSession session) => Query(session, Columns);

    public static void Put(ControlSession session, DeviceDecision decision) => session.Execute(
        """
        INSERT INTO identity_devices VALUES (@device, @standing, @reason, @author, @since, @from) ON CONFLICT (device) DO UPDATE SET
        standing = excluded.standing, reason = excluded.reason, author = excluded.author, since = excluded.since, credentials_from = excluded.credentials_from
        """,
        ("device", decision.Device), ("standing", (long)decision.Standing), ("reason", decision.Reason), ("author", decision.Author), ("since", decision.Since),
        ("from", decision.CredentialsFrom));

    private static List<DeviceDecision> Query(ControlSession session, string sql, params ReadOnlySpan<(string, object?)> parameters) => session.Query(
        sql,
        static row => new DeviceDecision(
            row.GetString(0), (DeviceStanding)row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5)),
        parameters);
}
