using System.Text;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Columns;

/// <summary>Reads edge.v1.TextColumn; <see cref="TextColumnEncoder"/> explains it.</summary>
internal static class TextColumnDecoder
{
    /// <param name="column">The column.</param>
    /// <param name="values">As long as the time column; filled where the result is null.</param>
    /// <param name="lengths">As long as <paramref name="values"/> at least.</param>
    /// <param name="bytesLeft">How many bytes of text the record may still have; less afterwards.</param>
    /// <returns>What is wrong with the column, or null.</returns>
    public static string? TryRead(TextColumn column, Span<string> values, long[] lengths, ref long bytesLeft)
    {
        if (column.Indices.Count != values.Length)
        {
            return $"texts.indices has {column.Indices.Count} entries for {values.Length} times";
        }
        if (column.Texts.Count > values.Length)
        {
            return $"texts.texts has {column.Texts.Count} entries for {values.Length} values";
        }
        for (int i = 0; i < column.Texts.Count; i++)
        {
            lengths[i] = Encoding.UTF8.GetByteCount(column.Texts[i]);
        }
        for (int i = 0; i < values.Length; i++)
        {
            uint index = column.Indices[i];
            if (index >= (uint)column.Texts.Count)
            {
                return $"texts.indices[{i}] is {index} of {column.Texts.Count} texts";
            }
            bytesLeft -= lengths[index];
            if (bytesLeft < 0)
            {
                return "texts are longer in all than is allowed";
            }
            values[i] = column.Texts[(int)index];
        }
        return null;
    }
}
