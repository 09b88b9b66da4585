using System.Globalization;

namespace EdgeAgent.Configuration;

/// <content>Whole numbers that datasheets write in hexadecimal: a number, or a text such as "0x1f".</content>
internal sealed partial class ConfigSection
{
    /// <returns>Null where the key is missing or its value no such number.</returns>
    public ulong? Code(string key, ulong maximum, bool required = false) =>
        Any(key, required) is { } value && CheckCode(value, maximum) is { } code ? code : null;

    /// <summary>A list of such numbers; empty where the key is missing.</summary>
    public IReadOnlyList<ulong> Codes(string key, ulong maximum)
    {
        ConfigNode? list = Ask(key, null, ConfigNodeKind.List, "a list [ … ]");
        var codes = new List<ulong>();
        foreach (ConfigNode item in list?.Items ?? [])
        {
            if (CheckCode(item, maximum) is { } code)
            {
                codes.Add(code);
            }
        }
        return codes;
    }

    /// <returns>False where the value is no whole number in either form.</returns>
    public static bool TryReadCode(ConfigNode value, out ulong code)
    {
        code = 0;
        return value.Kind switch
        {
            ConfigNodeKind.Number => ulong.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out code),
            ConfigNodeKind.Text when value.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) =>
                ulong.TryParse(value.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code),
            _ => false,
        };
    }

    private ulong? CheckCode(ConfigNode value, ulong maximum)
    {
        if (TryReadCode(value, out ulong code) && code <= maximum)
        {
            return code;
        }
        Report(value, $"This is not a whole number from 0 to 0x{maximum:x}. Write \"0x1f\" or 31.");
        return null;
    }
}
