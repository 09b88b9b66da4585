using System.Data.Common;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.People;

/// <summary>
/// Who has asked for which change. An entry is durable before its request is carried out, and without an outcome until that has ended: nothing is changed that
/// is not in it. The oldest entries give way.
/// </summary>
/// <param name="database">Where it is.</param>
/// <param name="most">Entries that are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class AuditLog(ControlDatabase database, int most, TimeProvider time)
{
    /// <summary>Of each text. What is longer is cut: callers choose paths, and must not choose how much is stored.</summary>
    private const int MostCharacters = 300;

    private const string Columns = "id, at, caller, action, device, note, outcome";

    /// <returns>The number of the entry.</returns>
    public long Begin(string caller, string action, string? device) => database.Change(session =>
    {
        long id = session.Next("audit", "id");
        session.Execute(
            "INSERT INTO audit (id, at, caller, action, device) VALUES (@id, @at, @caller, @action, @device)",
            ("id", id), ("at", time.GetUtcNow().ToUnixNanoseconds()), ("caller", caller), ("action", Cut(action)), ("device", Cut(device)));
        session.Execute("DELETE FROM audit WHERE id <= @last", ("last", id - most));
        return id;
    });

    /// <param name="id">Of the entry.</param>
    /// <param name="outcome">The status of the answer.</param>
    /// <param name="device">The device that it turned out to be about; null: as was said at the beginning.</param>
    /// <param name="note">What was changed, in words.</param>
    public void End(long id, int outcome, string? device, string? note) => database.Change(session =>
    {
        session.Execute(
            "UPDATE audit SET outcome = @outcome, device = COALESCE(@device, device), note = @note WHERE id = @id",
            ("outcome", (long)outcome), ("device", Cut(device)), ("note", Cut(note)), ("id", id));
    });

    /// <summary>The newest first.</summary>
    public List<AuditEntry> Newest(string? device, int limit) => database.Read(session => device is null
        ? session.Query($"SELECT {Columns} FROM audit ORDER BY id DESC LIMIT @limit", Entry, ("limit", (long)limit))
        : session.Query(
            $"SELECT {Columns} FROM audit WHERE device = @device ORDER BY id DESC LIMIT @limit", Entry, ("device", device), ("limit", (long)limit)));

    private static AuditEntry Entry(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : (int)row.GetInt64(6));

    private static string? Cut(string? text) => text is { Length: > MostCharacters } ? text[..MostCharacters] : text;
}
