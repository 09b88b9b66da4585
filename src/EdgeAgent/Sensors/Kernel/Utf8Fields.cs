using System.Globalization;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>Takes apart what the kernel writes for people and programs alike: words between spaces, in ASCII.</summary>
internal static class Utf8Fields
{
    /// <summary>Takes the next word off the front.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> field)
    {
        text = text.TrimStart(" \t\n"u8);
        int end = text.IndexOfAny(" \t\n"u8);
        field = end < 0 ? text : text[..end];
        text = text[field.Length..];
        return field.Length > 0;
    }

    /// <summary>Takes the next word off the front, which must be a whole number that is not negative.</summary>
    public static bool TryNextCount(ref ReadOnlySpan<byte> text, out long count)
    {
        count = 0;
        return TryNext(ref text, out ReadOnlySpan<byte> field) && long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out count);
    }

    /// <summary>The whole text is one number, a newline after it or not.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double number) =>
        double.TryParse(text.Trim(" \n\0"u8), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>The number behind a name and a colon at the start of a line, such as "MemAvailable:   1828652 kB".</summary>
    public static bool TryCountOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out long count)
    {
        while (text.Length > 0)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.StartsWith(name) && line[name.Length..] is [(byte)':', ..])
            {
                line = line[(name.Length + 1)..];
                return TryNextCount(ref line, out count);
            }
        }
        count = 0;
        return false;
    }
}
