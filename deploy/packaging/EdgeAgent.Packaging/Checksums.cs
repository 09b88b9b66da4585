using System.Security.Cryptography;

namespace EdgeAgent.Packaging;

/// <summary>
/// What <c>sha256sum --check</c> takes:
/// <code>
/// sums := *( 64HEXDIG SP SP path LF )          in the order of the paths
/// </code>
/// </summary>
internal static class Checksums
{
    public const string FileName = "SHA256SUMS";

    public static string Of(IEnumerable<PackedFile> files) => string.Concat(files
        .Where(static file => file.HasContents)
        .OrderBy(static file => file.Path, StringComparer.Ordinal)
        .Select(static file => Line(SHA256.HashData(file.Contents), file.Path)));

    /// <summary>Writes those of all archives and packages in a folder.</summary>
    public static void WriteBeside(string folder) => File.WriteAllText(Path.Combine(folder, FileName), string.Concat(Directory.GetFiles(folder)
        .Where(static file => file.EndsWith(".deb", StringComparison.Ordinal) || file.EndsWith(".tar.gz", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(static file => Line(HashOf(file), Path.GetFileName(file)))));

    private static byte[] HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return SHA256.HashData(file);
    }

    private static string Line(byte[] hash, string path) => $"{Convert.ToHexStringLower(hash)}  {path}\n";
}
