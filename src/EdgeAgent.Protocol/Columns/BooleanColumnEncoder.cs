using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// Writes booleans as edge.v1.BooleanColumn: <c>booleans (5) := count (1) bits (2)</c>, value i in bit i mod 8 of byte i div 8, from
/// the least significant on, unused bits zero.
/// </summary>
internal static class BooleanColumnEncoder
{
    /// <remarks>Zero is false, anything else true.</remarks>
    public static void Write(ReadOnlySpan<double> values, ProtobufBuffer output)
    {
        int column = output.Begin(5);
        output.Unsigned(1, (uint)values.Length);
        int bits = output.Begin(2);
        int length = (values.Length + 7) / 8;
        Span<byte> bytes = output.Reserve(length)[..length];
        bytes.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                bytes[i >> 3] |= (byte)(1 << (i & 7));
            }
        }
        output.Advance(length);
        output.End(bits);
        output.End(column);
    }
}
