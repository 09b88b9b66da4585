using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.People;

/// <summary>Who is signed in. In the database, so that all instances know them, and they outlive a restart.</summary>
/// <param name="database">Where they are.</param>
/// <param name="lifetime">How long one lasts, whatever is done with it.</param>
/// <param name="time">The clock.</param>
internal sealed class WebSessions(ControlDatabase database, TimeSpan lifetime, TimeProvider time)
{
    /// <summary>Browsers of one person at once. Beyond, the oldest is signed out: so the table is bounded by the people.</summary>
    private const int MostOfAPerson = 16;

    /// <returns>The cookie.</returns>
    public string Begin(string person)
    {
        string secret = Secret.New(Secret.SessionPrefix);
        long now = Now;
        database.Change(session =>
        {
            session.Execute("DELETE FROM web_sessions WHERE expires_at <= @now", ("now", now));
            session.Execute(
                "INSERT INTO web_sessions (hash, person, created_at, expires_at) VALUES (@hash, @person, @now, @end)",
                ("hash", Secret.Hash(secret)), ("person", person), ("now", now), ("end", now + (long)lifetime.TotalNanoseconds));
            session.Execute(
                """
                DELETE FROM web_sessions WHERE person = @person AND hash NOT IN (
                    SELECT hash FROM web_sessions WHERE person = @person ORDER BY created_at DESC LIMIT @most)
                """,
                ("person", person), ("most", (long)MostOfAPerson));
        });
        return secret;
    }

    /// <returns>Null where nobody is signed in by it.</returns>
    public Caller? Find(string cookie) => database.Read(session => session.Query(
        "SELECT p.name, p.role FROM web_sessions s JOIN people p ON p.name = s.person WHERE s.hash = @hash AND s.expires_at > @now",
        static row => new Caller(row.GetString(0), Roles.Stored(row.GetString(1))),
        ("hash", Secret.Hash(cookie)), ("now", Now))).SingleOrDefault();

    public void End(string cookie) => database.Change(session => { session.Execute("DELETE FROM web_sessions WHERE hash = @hash", ("hash", Secret.Hash(cookie))); });

    private long Now => time.GetUtcNow().ToUnixNanoseconds();
}
