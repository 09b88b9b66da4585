namespace EdgeAgent.Ingestion.Storage.Control;

/// <summary>
/// The tables of one matter, and how they became what they are. Each step runs once for a database, in order, in the transaction that notes it; a step that
/// has been released is never changed.
/// </summary>
/// <param name="Matter">A name of its own: "identity".</param>
/// <param name="Steps">Statements, several in a step.</param>
internal sealed record ControlTables(string Matter, IReadOnlyList<string> Steps)
{
    public const string VersionsSql = "CREATE TABLE IF NOT EXISTS control_versions (matter TEXT PRIMARY KEY, version BIGINT NOT NULL)";

    /// <exception cref="InvalidDataException">The database is of a newer version of this program.</exception>
    public void Upgrade(ControlSession session)
    {
        session.Execute(VersionsSql);
        long version = session.Query("SELECT version FROM control_versions WHERE matter = @matter", static row => row.GetInt64(0), ("matter", Matter))
            .SingleOrDefault();
        if (version > Steps.Count)
        {
            throw new InvalidDataException(
                $"The tables of {Matter} have version {version}; this program knows {Steps.Count}. Run the version that made them, or a newer one.");
        }
        foreach (string step in Steps.Skip((int)version))
        {
            session.Execute(step);
        }
        session.Execute(
            "INSERT INTO control_versions VALUES (@matter, @version) ON CONFLICT (matter) DO UPDATE SET version = excluded.version",
            ("matter", Matter), ("version", (long)Steps.Count));
    }
}
