using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.Mqtt.Intake;

/// <summary>Names and passwords of devices, from the configuration and from a file that <c>mosquitto_passwd</c> writes.</summary>
internal sealed class IntakeUsers(IReadOnlyDictionary<string, Secret> secrets, IReadOnlyDictionary<string, PasswordHash> hashes)
{
    public static readonly IntakeUsers None = new(new Dictionary<string, Secret>(), new Dictionary<string, PasswordHash>());

    public bool IsEmpty => secrets.Count == 0 && hashes.Count == 0;

    /// <summary>In a time that does not tell how much of the password is right.</summary>
    public bool Admits(string name, ReadOnlySpan<byte> password)
    {
        if (secrets.TryGetValue(name, out Secret? secret))
        {
            return CryptographicOperations.FixedTimeEquals(password, Encoding.UTF8.GetBytes(secret.Reveal()));
        }
        return hashes.TryGetValue(name, out PasswordHash? hash) && hash.Matches(password);
    }
}

/// <summary>
/// A line of a password file as mosquitto_passwd writes it since 2.0.
/// <code>
/// file := ( line "\n" )*                      empty lines and lines that begin with # mean nothing
/// line := name ":$7$" iterations "$" base64(salt) "$" base64(hash)       hash := PBKDF2-HMAC-SHA512(password, salt, iterations)
/// </code>
/// </summary>
internal sealed record PasswordHash(byte[] Salt, byte[] Hash, int Iterations)
{
    /// <summary>More would let a file make each connect take seconds.</summary>
    private const int MaximumIterations = 1_000_000;

    public bool Matches(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(
        Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, HashAlgorithmName.SHA512, Hash.Length), Hash);

    public static bool TryParse(string line, out string name, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        name = colon > 0 ? line[..colon] : "";
        string[] parts = line[(colon + 1)..].Split('$');
        if (name.Length == 0 || parts.Length != 5 || parts[0].Length > 0 || parts[1] != "7"
            || !int.TryParse(parts[2], out int iterations) || iterations is < 1 or > MaximumIterations)
        {
            return false;
        }
        var salt = new byte[parts[3].Length];
        var bytes = new byte[parts[4].Length];
        if (!Convert.TryFromBase64String(parts[3], salt, out int saltLength) || !Convert.TryFromBase64String(parts[4], bytes, out int hashLength)
            || saltLength == 0 || hashLength == 0)
        {
            return false;
        }
        hash = new PasswordHash(salt[..saltLength], bytes[..hashLength], iterations);
        return true;
    }
}
