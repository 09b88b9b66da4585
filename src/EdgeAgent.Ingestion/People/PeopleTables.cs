using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.People;

/// <summary>Who may ask, and who has asked for what. Instants are nanoseconds since 1970; NULL of <c>expires_at</c> is never, of <c>outcome</c> not yet.</summary>
internal static class PeopleTables
{
    public static readonly ControlTables Tables = new("people",
    [
        """
        CREATE TABLE people (name TEXT PRIMARY KEY, role TEXT NOT NULL, password_hash TEXT NOT NULL, created_at BIGINT NOT NULL, author TEXT NOT NULL);
        CREATE TABLE web_sessions (hash BYTEA PRIMARY KEY, person TEXT NOT NULL REFERENCES people (name), created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);
        CREATE TABLE api_tokens (
            name TEXT PRIMARY KEY, hash BYTEA NOT NULL UNIQUE, role TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT, author TEXT NOT NULL);
        CREATE TABLE audit (
            id BIGINT PRIMARY KEY, at BIGINT NOT NULL, caller TEXT NOT NULL, action TEXT NOT NULL, device TEXT, note TEXT, outcome BIGINT);
        CREATE INDEX audit_by_device ON audit (device, id);
        """,
    ]);
}
