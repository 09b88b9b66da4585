namespace EdgeAgent.Sensors.Kernel;

/// <summary>A level of a series' name, made of what a driver or a person wrote: "Core 0" becomes <c>core_0</c>.</summary>
internal static class SeriesLevel
{
    /// <summary>Letters and digits of ASCII in lower case, '-', '.' and '_'; whatever is between them becomes one '_'.</summary>
    public static string From(string text)
    {
        Span<char> level = stackalloc char[Math.Min(text.Length, MaximumLength)];
        int length = 0;
        foreach (char letter in text.AsSpan(0, level.Length))
        {
            char kept = char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? char.ToLowerInvariant(letter) : '_';
            if (kept != '_' || (length > 0 && level[length - 1] != '_'))
            {
                level[length++] = kept;
            }
        }
        return new string(level[..length].TrimEnd('_'));
    }

    /// <summary>Of the 256 bytes that a name has; drivers use some 20.</summary>
    private const int MaximumLength = 64;
}
