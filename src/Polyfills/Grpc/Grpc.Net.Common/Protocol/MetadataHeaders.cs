using System.Buffers;
using Grpc.Core;

namespace Grpc.Net.Protocol;

/// <summary>
/// Metadata as HTTP headers:
/// <code>
/// text   := printable ASCII
/// binary := base64 *( "," base64 )      ; keys that end in "-bin"; written without padding, read with or without it
/// </code>
/// </summary>
internal static class MetadataHeaders
{
    public static string ToHeader(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.Bytes).TrimEnd('=') : entry.Value;

    /// <summary>Adds one header of the wire to metadata.</summary>
    /// <returns>False when a binary value is not base64, or the name is no metadata key; nothing was added.</returns>
    public static bool TryAdd(Metadata metadata, string name, string value)
    {
        if (!IsKey(name))
        {
            return false;
        }
        if (!Metadata.Entry.IsBinaryKey(name))
        {
            metadata.Add(name, value);
            return true;
        }
        var decoded = new List<Metadata.Entry>(1);
        foreach (Range part in value.AsSpan().Split(','))
        {
            if (!TryDecode(value.AsSpan()[part].Trim(), out byte[]? bytes))
            {
                return false;
            }
            decoded.Add(Metadata.Entry.FromWire(name, bytes));
        }
        foreach (Metadata.Entry entry in decoded)
        {
            metadata.Add(entry);
        }
        return true;
    }

    private static bool IsKey(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }
        return name.Length > 0;
    }

    private static bool TryDecode(ReadOnlySpan<char> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? bytes)
    {
        text = text.TrimEnd('=');
        int padded = (text.Length + 3) / 4 * 4;
        char[] rented = ArrayPool<char>.Shared.Rent(padded);
        try
        {
            text.CopyTo(rented);
            rented.AsSpan(text.Length, padded - text.Length).Fill('=');
            var decoded = new byte[padded / 4 * 3];
            bool isBase64 = Convert.TryFromBase64Chars(rented.AsSpan(0, padded), decoded, out int length);
            bytes = isBase64 ? decoded[..length] : null;
            return isBase64;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
