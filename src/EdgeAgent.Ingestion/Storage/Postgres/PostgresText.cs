namespace EdgeAgent.Ingestion.Storage.Postgres;

/// <summary>PostgreSQL's texts hold every character but one.</summary>
internal static class PostgresText
{
    /// <summary>U+0000 becomes U+FFFD, the replacement character: one sensor's odd text must not keep all others from being stored.</summary>
    public static string Of(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;
}
