using System.Text;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>
/// As much of header compression (RFC 7541) as hand-made peers need: literals are written without an index and without Huffman's code;
/// of what is read, fields whose names are spelled out are kept, which those of gRPC are.
/// </summary>
internal static class Hpack
{
    public static byte[] Encode(params IEnumerable<(string Name, string Value)> fields)
    {
        var block = new List<byte>();
        foreach ((string name, string value) in fields)
        {
            block.Add(0x00);
            WriteText(block, name);
            WriteText(block, value);
        }
        return [.. block];
    }

    /// <summary>A field that goes into the dynamic table, where it can be referred to as index 62.</summary>
    public static byte[] EncodeIndexed(string name, string value)
    {
        var block = new List<byte> { 0x40 };
        WriteText(block, name);
        WriteText(block, value);
        return [.. block];
    }

    public static IReadOnlyDictionary<string, string> Decode(ReadOnlySpan<byte> block)
    {
        var fields = new Dictionary<string, string>();
        while (!block.IsEmpty)
        {
            byte first = block[0];
            if ((first & 0x80) != 0)
            {
                ReadNumber(ref block, prefix: 7);
            }
            else if ((first & 0xE0) == 0x20)
            {
                // The table's size.
                ReadNumber(ref block, prefix: 5);
            }
            else
            {
                int index = ReadNumber(ref block, prefix: (first & 0x40) != 0 ? 6 : 4);
                string name = index == 0 ? ReadText(ref block) : $"#{index}";
                fields[name] = ReadText(ref block);
            }
        }
        return fields;
    }

    private static void WriteText(List<byte> block, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        WriteNumber(block, bytes.Length, prefix: 7);
        block.AddRange(bytes);
    }

    private static void WriteNumber(List<byte> block, int value, int prefix)
    {
        int most = (1 << prefix) - 1;
        if (value < most)
        {
            block.Add((byte)value);
            return;
        }
        block.Add((byte)most);
        for (value -= most; value >= 0x80; value >>= 7)
        {
            block.Add((byte)(value | 0x80));
        }
        block.Add((byte)value);
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> block, int prefix)
    {
        int most = (1 << prefix) - 1;
        int value = block[0] & most;
        block = block[1..];
        if (value < most)
        {
            return value;
        }
        for (int shift = 0; ; shift += 7)
        {
            byte next = block[0];
            block = block[1..];
            value += (next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }
    }

    private static string ReadText(ref ReadOnlySpan<byte> block)
    {
        bool isHuffman = (block[0] & 0x80) != 0;
        int length = ReadNumber(ref block, prefix: 7);
        string text = isHuffman ? "(in Huffman's code)" : Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }
}
