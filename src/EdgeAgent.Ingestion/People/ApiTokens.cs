using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.People;

/// <summary>What programs show instead of a password.</summary>
internal sealed class ApiTokens(ControlDatabase database, TimeProvider time)
{
    /// <summary>Before the name of a token where a caller is named, so that no person can be mistaken for it: their names have no colon.</summary>
    public const string CallerPrefix = "token:";

    public List<ApiToken> All() => database.Read(static session => session.Query(
        "SELECT name, role, created_at, expires_at, author FROM api_tokens ORDER BY name", static row => new ApiToken(
            row.GetString(0), Roles.Stored(row.GetString(1)), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetString(4))));

    /// <param name="name">What it is for.</param>
    /// <param name="role">What it allows.</param>
    /// <param name="lifetime">How long it is valid; null: until it is withdrawn.</param>
    /// <param name="author">Who makes it.</param>
    /// <returns>The token, which cannot be had again; null where there is one of that name.</returns>
    public string? Create(string name, Role role, TimeSpan? lifetime, string author)
    {
        string secret = Secret.New(Secret.TokenPrefix);
        return database.Change(session => Insert(session, name, secret, role, lifetime, author)) ? secret : null;
    }

    /// <summary>The same within a change that does more.</summary>
    /// <returns>False where there is one of that name.</returns>
    public bool Insert(ControlSession session, string name, string secret, Role role, TimeSpan? lifetime, string author)
    {
        long now = time.GetUtcNow().ToUnixNanoseconds();
        return session.Execute(
            """
            INSERT INTO api_tokens (name, hash, role, created_at, expires_at, author) VALUES (@name, @hash, @role, @now, @end, @author)
            ON CONFLICT (name) DO NOTHING
            """,
            ("name", name), ("hash", Secret.Hash(secret)), ("role", Roles.Name(role)), ("now", now),
            ("end", lifetime is { } limited ? now + (long)limited.TotalNanoseconds : null), ("author", author)) == 1;
    }

    /// <returns>False where there is none of that name.</returns>
    public bool Withdraw(string name) => database.Change(session => Delete(session, name));

    /// <summary>The same within a change that does more.</summary>
    public static bool Delete(ControlSession session, string name) => session.Execute("DELETE FROM api_tokens WHERE name = @name", ("name", name)) == 1;

    /// <returns>Null where it is none, withdrawn, or over.</returns>
    public Caller? Find(string token) => database.Read(session => Find(session, token));

    /// <summary>The same within a read or change that does more.</summary>
    public Caller? Find(ControlSession session, string token) => session.Query(
        "SELECT name, role FROM api_tokens WHERE hash = @hash AND (expires_at IS NULL OR expires_at > @now)",
        static row => new Caller(CallerPrefix + row.GetString(0), Roles.Stored(row.GetString(1))),
        ("hash", Secret.Hash(token)), ("now", time.GetUtcNow().ToUnixNanoseconds())).SingleOrDefault();
}

/// <summary>A token without its secret.</summary>
internal sealed record ApiToken(string Name, Role Role, long CreatedUnixNanoseconds, long? ExpiresUnixNanoseconds, string Author);
