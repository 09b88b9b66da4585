using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.People;

/// <summary>The people who may sign in.</summary>
internal sealed class Accounts(ControlDatabase database, TimeProvider time)
{
    public static bool IsName(string name) => DeviceName.IsValid(name);

    public List<Account> All() => database.Read(static session => session.Query(
        "SELECT name, role, created_at, author FROM people ORDER BY name", static row => new Account(
            row.GetString(0), Roles.Stored(row.GetString(1)), row.GetInt64(2), row.GetString(3))));

    /// <returns>Null where there is nobody of that name.</returns>
    public (Role Role, string PasswordHash)? Find(string name) => database.Read(session => session.Query(
        "SELECT role, password_hash FROM people WHERE name = @name", static row => ((Role, string)?)(Roles.Stored(row.GetString(0)), row.GetString(1)), ("name", name)))
        .SingleOrDefault();

    /// <returns>False where there is somebody of that name.</returns>
    public bool Add(string name, Role role, string password, string author)
    {
        string hash = PasswordHash.Create(password);
        return database.Change(session => session.Execute(
            "INSERT INTO people (name, role, password_hash, created_at, author) VALUES (@name, @role, @hash, @now, @author) ON CONFLICT (name) DO NOTHING",
            ("name", name), ("role", Roles.Name(role)), ("hash", hash), ("now", time.GetUtcNow().ToUnixNanoseconds()), ("author", author))) == 1;
    }

    /// <summary>Sets another password. Whoever is signed in under that name is not any more.</summary>
    /// <returns>False where there is nobody of that name.</returns>
    public bool SetPassword(string name, string password)
    {
        string hash = PasswordHash.Create(password);
        return database.Change(session =>
        {
            SignOut(session, name);
            return session.Execute("UPDATE people SET password_hash = @hash WHERE name = @name", ("hash", hash), ("name", name)) == 1;
        });
    }

    /// <inheritdoc cref="SetPassword"/>
    public bool Remove(string name) => database.Change(session =>
    {
        SignOut(session, name);
        return session.Execute("DELETE FROM people WHERE name = @name", ("name", name)) == 1;
    });

    private static void SignOut(ControlSession session, string name) => session.Execute("DELETE FROM web_sessions WHERE person = @name", ("name", name));
}

/// <summary>Somebody who may sign in.</summary>
internal sealed record Account(string Name, Role Role, long CreatedUnixNanoseconds, string Author);
