using System.Data.Common;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>The revisions of the database, and which bytes a device has refused.</summary>
internal static class RevisionRows
{
    private const string Select = "SELECT number, hash, author, made, inputs, bootstrap, trial FROM config_revisions ";

    public static Revision? Find(ControlSession session, string device, long number) => session.Query(
        Select + "WHERE device = @device AND number = @number", Read, ("device", device), ("number", number)).SingleOrDefault();

    /// <exception cref="ConfigRefusedException">The device never had such a revision.</exception>
    public static Revision Get(ControlSession session, string device, long number) =>
        Find(session, device, number) ?? throw ConfigRefusedException.Missing($"revision {number} of {device}");

    /// <summary>The newest first.</summary>
    public static List<Revision> Latest(ControlSession session, string device, int limit) => session.Query(
        Select + "WHERE device = @device ORDER BY number DESC LIMIT @limit", Read, ("device", device), ("limit", (long)limit));

    public static void Add(ControlSession session, string device, Revision revision) => session.Execute(
        "INSERT INTO config_revisions VALUES (@device, @number, @hash, @author, @made, @inputs, @bootstrap, @trial)",
        ("device", device), ("number", revision.Number), ("hash", revision.Hash), ("author", revision.Author), ("made", revision.Made),
        ("inputs", revision.Inputs.ToString()), ("bootstrap", revision.MayChangeBootstrap ? 1L : 0L), ("trial", (long)revision.Trial.TotalSeconds));

    public static bool IsRefused(ControlSession session, string device, byte[] hash) => session.Query(
        "SELECT number FROM config_refusals WHERE device = @device AND hash = @hash", static row => row.GetInt64(0), ("device", device), ("hash", hash)).Count > 0;

    public static void Refuse(ControlSession session, string device, byte[] hash, long number) => session.Execute(
        "INSERT INTO config_refusals VALUES (@device, @hash, @number) ON CONFLICT (device, hash) DO UPDATE SET number = excluded.number",
        ("device", device), ("hash", hash), ("number", number));

    public static void Forgive(ControlSession session, string device, byte[] hash) =>
        session.Execute("DELETE FROM config_refusals WHERE device = @device AND hash = @hash", ("device", device), ("hash", hash));

    private static Revision Read(DbDataReader row) => new(
        row.GetInt64(0), (byte[])row.GetValue(1), row.GetString(2), row.GetInt64(3), RevisionInputs.Parse(row.GetString(4)), row.GetInt64(5) != 0,
        TimeSpan.FromSeconds(row.GetInt64(6)));
}
