using System.Globalization;
using System.Text;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling;

/// <summary>
/// The file <c>format</c> in the spool's folder, by which a later version keeps an earlier one from what that cannot read:
/// <code>
/// format := "edge-agent spool " 1*9DIGIT LF
/// </code>
/// Format 1, which is all up to now, has no such file. A version that writes what an earlier one would take for damage, and set aside, writes this file before anything else of its own. A file
/// that says something else says nothing: damage never keeps a spool from opening.
/// </summary>
internal static class SpoolFormat
{
    public const string Name = "format";

    /// <summary>The latest one that is read here.</summary>
    public const int Known = 1;

    private const int MaximumBytes = 32;

    private static ReadOnlySpan<byte> Words => "edge-agent spool "u8;

    public static byte[] Encode(int format) => [.. Words, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{format}\n"))];

    /// <exception cref="SpoolTooNewException">A later version has written this spool. Nothing was touched.</exception>
    public static void ThrowIfLater(ISpoolFiles files)
    {
        if (!files.List().Contains(Name))
        {
            return;
        }
        using ISpoolFile file = files.Open(Name);
        var buffer = new byte[MaximumBytes];
        ReadOnlySpan<byte> said = buffer.AsSpan(0, file.Read(buffer, 0));
        if (said.StartsWith(Words) && said[^1] == (byte)'\n'
            && int.TryParse(said[Words.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int format) && format > Known)
        {
            throw new SpoolTooNewException(format);
        }
    }
}
