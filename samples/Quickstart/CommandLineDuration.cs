using System.CommandLine.Parsing;
using System.Globalization;

namespace EdgeAgent.Samples;

/// <summary>Durations as people write them: 500ms, 20s, 2m, 1h.</summary>
internal static class CommandLineDuration
{
    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
    ];

    public static TimeSpan? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        foreach ((string suffix, TimeSpan unit) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
                && count > 0)
            {
                return unit * count;
            }
        }
        argument.AddError($"'{text}' is not a duration. Write a number and a unit: 500ms, 20s, 2m or 1h.");
        return null;
    }
}
