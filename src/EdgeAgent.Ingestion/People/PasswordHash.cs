using System.Globalization;
using System.Security.Cryptography;

namespace EdgeAgent.Ingestion.People;

/// <summary>
/// Passwords as they are kept:
/// <code>
/// hash := "pbkdf2-sha256$" ITERATIONS "$" base64(16 bytes of salt) "$" base64(32 bytes)        RFC 8018, section 5.2
/// </code>
/// </summary>
internal static class PasswordHash
{
    public const int FewestCharacters = 12;
    public const int MostCharacters = 256;

    private const string Scheme = "pbkdf2-sha256";
    private const int SaltBytes = 16;
    private const int KeyBytes = 32;

    /// <summary>What OWASP's password storage cheat sheet asks of PBKDF2 with SHA-256: some 0.2 s of one core.</summary>
    private const int Iterations = 600_000;

    /// <summary>Stands in for the hash of a person who is not there, so that the answer takes as long.</summary>
    private static readonly string Nobody = Create(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));

    public static string Create(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, KeyBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(key)}");
    }

    /// <param name="password">What somebody has typed.</param>
    /// <param name="hash">What is kept; null: nothing is, and the answer is false after the same work.</param>
    public static bool Matches(string password, string? hash)
    {
        string[] parts = (hash ?? Nobody).Split('$');
        byte[] expected = Convert.FromBase64String(parts[3]);
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(parts[2]), int.Parse(parts[1], CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, expected.Length);
        return CryptographicOperations.FixedTimeEquals(key, expected) & hash is not null;
    }
}
