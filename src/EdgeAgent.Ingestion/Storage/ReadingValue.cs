using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>
/// A value or its absence. It carries its own kind, because a series may change its kind while its old readings stay what
/// they were. In JSON: number, true or false, string, or null; what JSON has no number for is "NaN", "Infinity", "-Infinity".
/// </summary>
[JsonConverter(typeof(ReadingValueConverter))]
internal readonly record struct ReadingValue(SeriesKind Kind, double Number, string? Text)
{
    /// <summary>The quality says why there is no value.</summary>
    public static ReadingValue None => default;

    public static ReadingValue Of(double number) => new(SeriesKind.Number, number, null);

    public static ReadingValue Of(bool value) => new(SeriesKind.Boolean, value ? 1 : 0, null);

    public static ReadingValue Of(string text) => new(SeriesKind.Text, 0, text);

    /// <summary>Whether a reading of this quality has a value.</summary>
    public static bool Exists(Quality quality) => quality < Quality.NoResponse;

    public static ReadingValue Of(ReadingColumns readings, in ColumnRun run, int row) => run.Kind switch
    {
        _ when !Exists(readings.Qualities(run)[row]) => None,
        SeriesKind.Text => Of(readings.Texts(run)[row]!),
        SeriesKind.Boolean => Of(readings.Numbers(run)[row] != 0),
        _ => Of(readings.Numbers(run)[row]),
    };

    /// <summary>As in JSON, without quotes; empty for no value.</summary>
    public override string ToString() => Kind switch
    {
        SeriesKind.Number => Number.ToString("R", CultureInfo.InvariantCulture),
        SeriesKind.Boolean => Number == 0 ? "false" : "true",
        SeriesKind.Text => Text!,
        _ => "",
    };
}

internal sealed class ReadingValueConverter : JsonConverter<ReadingValue>
{
    public override ReadingValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Values are only written.");

    public override void Write(Utf8JsonWriter writer, ReadingValue value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case SeriesKind.Number when double.IsFinite(value.Number):
                writer.WriteNumberValue(value.Number);
                break;
            case SeriesKind.Boolean:
                writer.WriteBooleanValue(value.Number != 0);
                break;
            case SeriesKind.Number or SeriesKind.Text:
                writer.WriteStringValue(value.ToString());
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
