using System.Data.Common;
using System.Security.Cryptography;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Identity.Tokens;

/// <summary>A token that was handed out. Instants are nanoseconds since 1970; null: it has not come to that.</summary>
/// <param name="Id">What people call it by.</param>
/// <param name="Kind">What it is good for.</param>
/// <param name="Device">Whom it is for.</param>
/// <param name="Hash">See <see cref="TokenSecret"/>.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Created">When.</param>
/// <param name="Expires">When it ends; <see cref="long.MaxValue"/>: never.</param>
/// <param name="Withdrawn">When somebody took it back.</param>
/// <param name="Used">When it was exchanged for a certificate.</param>
/// <param name="UsedKey">The key that was for.</param>
/// <param name="Serial">The certificate.</param>
/// <param name="Replays">How often it came again, with another key or too late.</param>
internal sealed record TokenRecord(
    long Id, TokenKind Kind, string Device, byte[] Hash, string Author, long Created, long Expires, long? Withdrawn, long? Used, byte[]? UsedKey, string? Serial,
    long Replays);

/// <summary>Tokens, as they are stored.</summary>
internal static class TokenRecords
{
    /// <summary>How long a token that is over is still shown.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private const string Columns = "SELECT id, kind, device, hash, author, created, expires, withdrawn, used, used_key, serial, replays FROM identity_tokens";

    /// <summary>Adds one, and forgets those that have been over for long.</summary>
    /// <returns>Its number.</returns>
    public static long Add(ControlSession session, TokenKind kind, string device, byte[] hash, string author, long now, long expires)
    {
        // The newest one is never forgotten, so that no number is used twice.
        long id = session.Next("identity_tokens", "id");
        session.Execute(
            "DELETE FROM identity_tokens WHERE expires < @then OR withdrawn < @then OR used < @then", ("then", now - (long)Remembered.TotalNanoseconds));
        session.Execute(
            "INSERT INTO identity_tokens VALUES (@id, @kind, @device, @hash, @author, @created, @expires, NULL, NULL, NULL, NULL, 0)",
            ("id", id), ("kind", (long)kind), ("device", device), ("hash", hash), ("author", author), ("created", now), ("expires", expires));
        return id;
    }

    public static IReadOnlyList<TokenRecord> All(ControlSession session) => session.Query($"{Columns} ORDER BY id", Read);

    public static IReadOnlyList<TokenRecord> Bearers(ControlSession session) =>
        session.Query($"{Columns} WHERE kind = @kind AND withdrawn IS NULL", Read, ("kind", (long)TokenKind.Bearer));

    public static TokenRecord? Find(ControlSession session, TokenKind kind, byte[] hash) =>
        session.Query($"{Columns} WHERE kind = @kind AND hash = @hash", Read, ("kind", (long)kind), ("hash", hash))
            // What the index found by comparing byte after byte is compared once more in constant time; it tells an attacker nothing about the secret anyway.
            .SingleOrDefault(found => CryptographicOperations.FixedTimeEquals(found.Hash, hash));

    /// <returns>False where there is no such token, or it is over already.</returns>
    public static bool Withdraw(ControlSession session, long id, long now) =>
        session.Execute("UPDATE identity_tokens SET withdrawn = @now WHERE id = @id AND withdrawn IS NULL AND used IS NULL", ("id", id), ("now", now)) > 0;

    public static void WithdrawAll(ControlSession session, string device, long now) =>
        session.Execute("UPDATE identity_tokens SET withdrawn = @now WHERE device = @device AND withdrawn IS NULL AND used IS NULL", ("device", device), ("now", now));

    public static void Use(ControlSession session, long id, byte[] key, string serial, long now) => session.Execute(
        "UPDATE identity_tokens SET used = @now, used_key = @key, serial = @serial WHERE id = @id", ("id", id), ("key", key), ("serial", serial), ("now", now));

    public static void CountReplay(ControlSession session, long id) =>
        session.Execute("UPDATE identity_tokens SET replays = replays + 1 WHERE id = @id", ("id", id));

    private static TokenRecord Read(DbDataReader row) => new(
        row.GetInt64(0), (TokenKind)row.GetInt64(1), row.GetString(2), (byte[])row.GetValue(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6),
        row.IsDBNull(7) ? null : row.GetInt64(7), row.IsDBNull(8) ? null : row.GetInt64(8), row.IsDBNull(9) ? null : (byte[])row.GetValue(9),
        row.IsDBNull(10) ? null : row.GetString(10), row.GetInt64(11));
}
