using System.Globalization;

namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>
/// Bytes as datasheets write them.
/// <code>
/// text := byte (" " byte)*        byte := two hexadecimal digits
/// </code>
/// </summary>
internal static class ByteText
{
    /// <returns>Null where the text is anything else.</returns>
    public static byte[]? TryRead(string text)
    {
        string[] words = text.Split(' ');
        byte[] bytes = new byte[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i].Length != 2 || !byte.TryParse(words[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return null;
            }
        }
        return bytes;
    }
}
