using System.Buffers;
using System.Globalization;
using System.Text;

namespace Grpc.Net.Protocol;

/// <summary>
/// The value of <c>grpc-message</c>:
/// <code>
/// message   := *( unencoded / encoded )
/// unencoded := %x20-24 / %x26-7E         ; printable ASCII but "%"
/// encoded   := "%" 2 HEXDIG              ; one byte of UTF-8
/// </code>
/// What is not so encoded is left as it is when read: a garbled sentence is better than none.
/// </summary>
internal static class StatusMessage
{
    private static readonly SearchValues<char> Unencoded =
        SearchValues.Create(Enumerable.Range(0x20, 0x5F).Select(code => (char)code).Where(c => c != '%').ToArray());

    public static string Encode(string message)
    {
        if (!message.AsSpan().ContainsAnyExcept(Unencoded))
        {
            return message;
        }
        var encoded = new StringBuilder(message.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(message))
        {
            if (Unencoded.Contains((char)b))
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }
        return encoded.ToString();
    }

    public static string Decode(string message)
    {
        if (!message.Contains('%'))
        {
            return message;
        }
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && TryHex(bytes.AsSpan(i + 1, 2), out byte decoded))
            {
                bytes[length++] = decoded;
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i];
            }
        }
        return Encoding.UTF8.GetString(bytes.AsSpan(0, length));
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, out byte value) =>
        byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
