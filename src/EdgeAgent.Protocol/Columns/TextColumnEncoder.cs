using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// Writes texts as edge.v1.TextColumn: <c>texts (6) := texts (1, each distinct one once) indices (2, packed uint32)</c>.
/// Values are kept by the <see cref="ReadingLog"/> as numbers: the index of a text in <see cref="ReadingLog.Texts"/>, below zero where
/// a series has not had a value yet.
/// </summary>
internal sealed class TextColumnEncoder
{
    /// <summary>States and codes are few. Clearing a large table for every small series afterwards would cost more than growing it again.</summary>
    private const int RetainedTexts = 1024;

    private readonly Dictionary<string, uint> _indices = new(StringComparer.Ordinal);

    public void Write(ReadOnlySpan<double> values, List<string> texts, ProtobufBuffer output)
    {
        int column = output.Begin(6);
        foreach (double value in values)
        {
            string text = TextOf(value, texts);
            if (_indices.TryAdd(text, (uint)_indices.Count))
            {
                output.Text(1, text);
            }
        }
        int list = output.Begin(2);
        foreach (double value in values)
        {
            output.VarInt(_indices[TextOf(value, texts)]);
        }
        output.End(list);
        output.End(column);
        ForgetTexts();
    }

    private void ForgetTexts()
    {
        int count = _indices.Count;
        _indices.Clear();
        if (count > RetainedTexts)
        {
            _indices.TrimExcess();
        }
    }

    private static string TextOf(double value, List<string> texts) => value < 0 ? "" : texts[(int)value];
}
