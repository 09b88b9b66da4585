using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Files;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Doctor.Bundle;

/// <summary>
/// A support archive without secrets, for its owner alone to read and to send on:
/// <code>
/// FILE.tar.gz := gzip(tar)          mode 0600; there whole or not at all
/// tar         := one text file for each of <see cref="BundleParts"/>, all of it through <see cref="Redaction"/>
/// </code>
/// A part that cannot be read holds the reason.
/// </summary>
internal static class SupportBundle
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Of one part: 2,000 lines of the journal are half of it.</summary>
    private const int MostCharacters = 1 << 20;

    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    public static async Task WriteAsync(string file, ExaminedDevice device, IReadOnlyList<CheckReport> reports, CancellationToken cancellationToken)
    {
        var redaction = new Redaction(await SecretTexts.OfAsync(device).ConfigureAwait(false));
        using var target = new DurableFile(file, OwnerOnly);
        await using (var gzip = new GZipStream(target.Stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            var archive = new UstarArchive(gzip, OwnerOnly, device.Time.GetUtcNow());
            foreach (BundlePart part in BundleParts.Of(device, reports))
            {
                string text = redaction.Clean(Bounded(await ReadAsync(part, cancellationToken).ConfigureAwait(false)));
                archive.Add($"edge-agent-support/{part.Name}", Encoding.UTF8.GetBytes(text));
            }
            archive.End();
        }
        target.Commit();
    }

    private static async Task<string> ReadAsync(BundlePart part, CancellationToken cancellationToken)
    {
        try
        {
            return await part.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"Not available: {missing.Message}\n";
        }
    }

    /// <summary>The newest is at the end.</summary>
    private static string Bounded(string text) => text.Length > MostCharacters ? text[^MostCharacters..] : text;
}
