using System.Globalization;
using System.Text;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>Values as devices write them in plain text.</summary>
internal static class ScalarText
{
    private static readonly string[] Yes = ["true", "1", "on", "yes"];
    private static readonly string[] No = ["false", "0", "off", "no"];

    /// <summary>
    /// A decimal number with an optional exponent, white space around it ignored. "nan" parses to a NaN, which firmware such
    /// as ESPHome publishes for a sensor that gave nothing.
    /// </summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>true, false, 1, 0, on, off, yes, no: in any case, white space around it ignored.</summary>
    public static bool TryBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        text = text.Trim(" \t\r\n"u8);
        value = IsOneOf(text, Yes);
        return value || IsOneOf(text, No);
    }

    private static bool IsOneOf(ReadOnlySpan<byte> text, string[] words)
    {
        foreach (string word in words)
        {
            if (Ascii.EqualsIgnoreCase(text, word))
            {
                return true;
            }
        }
        return false;
    }
}
