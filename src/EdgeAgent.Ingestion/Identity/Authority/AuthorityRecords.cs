using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Identity.Authority;

/// <summary>A root that was made by the service and is trusted now.</summary>
/// <param name="Generation">1, 2, …</param>
/// <param name="Root">DER.</param>
/// <param name="Created">Nanoseconds since 1970.</param>
internal sealed record AuthorityRecord(long Generation, byte[] Root, long Created);

/// <summary>Roots, as they are stored.</summary>
internal static class AuthorityRecords
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<AuthorityRecord> Trusted(ControlSession session) => session.Query(
        "SELECT generation, root, created FROM identity_authorities WHERE retired IS NULL ORDER BY generation",
        static row => new AuthorityRecord(row.GetInt64(0), (byte[])row.GetValue(1), row.GetInt64(2)));

    public static void Add(ControlSession session, AuthorityRecord record) => session.Execute(
        "INSERT INTO identity_authorities VALUES (@generation, @root, @created, NULL)",
        ("generation", record.Generation), ("root", record.Root), ("created", record.Created));

    public static void RetireBefore(ControlSession session, long generation, long now) => session.Execute(
        "UPDATE identity_authorities SET retired = @now WHERE generation < @generation AND retired IS NULL", ("generation", generation), ("now", now));
}
