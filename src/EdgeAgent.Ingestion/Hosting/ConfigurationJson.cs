using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAgent.Ingestion.Hosting;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(EndpointConverter), typeof(DurationConverter)])]
[JsonSerializable(typeof(IngestionOptions))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;

/// <summary>ADDRESS:PORT, with the port always said.</summary>
internal sealed class EndpointConverter : JsonConverter<IPEndPoint>
{
    public const string Expected = "Write ADDRESS:PORT, such as 0.0.0.0:8443, [::]:8443 or localhost:8080.";

    public static bool TryParse(string? text, out IPEndPoint endpoint)
    {
        const string loopback = "localhost:";
        text ??= "";
        if (text.StartsWith(loopback, StringComparison.Ordinal))
        {
            text = $"{IPAddress.Loopback}:{text[loopback.Length..]}";
        }
        // IPEndPoint takes an address alone as port 0, which here would mean any free port: hardly what was meant.
        bool saysPort = text.LastIndexOf(':') > text.LastIndexOf(']')
            && (text.Contains('.', StringComparison.Ordinal) || text.StartsWith('['));
        endpoint = new IPEndPoint(IPAddress.None, 0);
        return saysPort && IPEndPoint.TryParse(text, out endpoint!);
    }

    public override IPEndPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out IPEndPoint endpoint) ? endpoint
            : throw new JsonException(Expected);

    public override void Write(Utf8JsonWriter writer, IPEndPoint value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>A number with its unit.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int digits = rest.IndexOfAnyExcept(NumberCharacters);
        duration = default;
        if (digits <= 0
            || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return false;
        }
        double seconds = rest[digits..].Trim() switch
        {
            "ms" => number / 1000,
            "s" => number,
            "min" or "m" => number * 60,
            "h" => number * 3600,
            "d" => number * 86_400,
            _ => double.NaN,
        };
        // A year is longer than any setting can mean, and far from overflow.
        if (!(seconds <= 366 * 86_400))
        {
            return false;
        }
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out TimeSpan duration)
            ? duration
            : throw new JsonException("Write a number and its unit (ms, s, min, h, d), such as \"10s\".");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds}s"));
}
