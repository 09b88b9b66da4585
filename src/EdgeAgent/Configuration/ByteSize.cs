using System.Globalization;

namespace EdgeAgent.Configuration;

/// <summary>
/// Sizes as people write them.
/// <code>
/// size := digits [ unit ]           "4096", "64KiB", "64MiB", "10MB"
/// unit := "B" | "KiB" | "MiB" | "GiB" (1,024) | "kB" | "MB" | "GB" (1,000)
/// </code>
/// </summary>
internal static class ByteSize
{
    private static readonly (string Name, long Bytes)[] Units =
    [
        ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1), ("", 1),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        int digits = text.IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? text.Length : end;
        // 15 digits stay below 2^53 and, times 2^30, are caught by the check below.
        if (digits is 0 or > 15)
        {
            return false;
        }
        foreach ((string name, long unit) in Units)
        {
            if (text[digits..].SequenceEqual(name))
            {
                Int128 product = (Int128)long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * unit;
                bytes = product <= long.MaxValue ? (long)product : 0;
                return product <= long.MaxValue;
            }
        }
        return false;
    }

    public static string Format(long bytes)
    {
        foreach ((string name, long unit) in Units.AsSpan(0, 3))
        {
            if (bytes != 0 && bytes % unit == 0)
            {
                return $"{bytes / unit}{name}";
            }
        }
        return $"{bytes}B";
    }
}
