using System.Buffers;
using System.Text.Json;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Commands;

/// <summary>
/// Readings as JSON, one object a line, UTF-8:
/// <code>
/// {"time":"…","series":"…","value":21.57,"unit":"Cel","quality":"good","clock":"synchronized","lane":"live","sequence":7,
///  "labels":{"room":"2.17"},"aggregate":{"of":"…","function":"min","window":"1m"}}
/// </code>
/// <c>value</c> is a number, a boolean or a text; null where there is none; "NaN", "Infinity" and "-Infinity" where JSON has no number.
/// <c>labels</c> and <c>aggregate</c> only where there are any.
/// </summary>
internal sealed class SpooledJsonLines : ISpooledReadingWriter
{
    private const int FlushBytes = 64 * 1024;
    private static ReadOnlySpan<byte> NewLine => "\n"u8;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes + 4096);
    private readonly Utf8JsonWriter _json;

    /// <param name="output">Stays open.</param>
    public SpooledJsonLines(Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_buffer);
    }

    public void Write(in SpooledReading reading)
    {
        WriteTo(_json, reading);
        _json.Flush();
        _json.Reset();
        _buffer.Write(NewLine);
        if (_buffer.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    public void Dispose()
    {
        Flush();
        _json.Dispose();
    }

    public static void WriteTo(Utf8JsonWriter json, in SpooledReading reading)
    {
        json.WriteStartObject();
        json.WriteString("time", SpooledTime.Format(reading.UnixNanoseconds));
        json.WriteString("series", reading.Series.Name);
        WriteValue(json, reading);
        json.WriteString("unit", reading.Series.Unit);
        json.WriteString("quality", reading.QualityName);
        json.WriteString("clock", reading.Clock);
        json.WriteString("lane", SpoolLanes.NameOf(reading.Lane));
        json.WriteNumber("sequence", reading.Sequence);
        if (reading.Series.Labels.Count > 0)
        {
            json.WriteStartObject("labels");
            foreach ((string key, string value) in reading.Series.Labels)
            {
                json.WriteString(key, value);
            }
            json.WriteEndObject();
        }
        if (reading.Series.Aggregate is { } aggregate)
        {
            json.WriteStartObject("aggregate");
            json.WriteString("of", aggregate.Of);
            json.WriteString("function", AggregateName.FunctionWord(aggregate.Function));
            json.WriteString("window", AggregateName.WindowWord(aggregate.WindowSeconds));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, in SpooledReading reading)
    {
        json.WritePropertyName("value");
        if (!reading.HasValue)
        {
            json.WriteNullValue();
        }
        else if (reading.Series.Kind == SeriesKind.Boolean)
        {
            json.WriteBooleanValue(reading.Number != 0);
        }
        else if (reading.Series.Kind == SeriesKind.Text || !double.IsFinite(reading.Number))
        {
            json.WriteStringValue(reading.Value);
        }
        else
        {
            json.WriteNumberValue(reading.Number);
        }
    }

    private void Flush()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
