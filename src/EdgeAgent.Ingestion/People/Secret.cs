using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Ingestion.People;

/// <summary>
/// What a session's cookie or an API token is, and how it is kept:
/// <code>
/// secret := PREFIX base64url(32 random bytes)          PREFIX tells scanners of repositories and people what they have found
/// hash   := SHA-256 of the text                        no salt and no iterations: 256 random bits cannot be guessed
/// </code>
/// It is looked up by its hash, so that the time of the search tells nothing about the secret.
/// </summary>
internal static class Secret
{
    public const string TokenPrefix = "edgeadmin_";
    public const string SessionPrefix = "edgesession_";

    private const int RandomBytes = 32;

    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
