using System.Text;
using System.Text.Json;
using EdgeAgent.Sensors.Mqtt.Mapping;

namespace EdgeAgent.Scanning;

/// <summary>What a topic carries, as far as one message tells.</summary>
/// <param name="Kind">"number", "boolean", "json", "text", "bytes".</param>
/// <param name="Rule">The rule that reads it, in JSON; null where a person has to say.</param>
internal sealed record TopicGuess(string Kind, string? Rule)
{
    /// <summary>Of the values that a rule may pick, what a person still reads.</summary>
    private const int MostValues = 16;

    /// <summary>A series' name has 256 bytes, of which a value's key may need some.</summary>
    private const int LongestTopic = 192;

    /// <param name="topic">Where it came on.</param>
    /// <param name="payload">The whole message.</param>
    public static TopicGuess Of(string topic, ReadOnlySpan<byte> payload)
    {
        // Braces name levels in a rule, and $ begins what brokers keep for themselves.
        bool canBeWritten = topic.Length is > 0 and <= LongestTopic && topic.AsSpan().IndexOfAny("{}$") < 0;
        TopicGuess guess = OfPayload(topic, payload);
        return canBeWritten ? guess : guess with { Rule = null };
    }

    private static TopicGuess OfPayload(string topic, ReadOnlySpan<byte> payload)
    {
        if (ScalarText.TryNumber(payload, out _))
        {
            return new TopicGuess("number", JsonText.OfTexts(("topic", topic)));
        }
        if (ScalarText.TryBoolean(payload, out _))
        {
            return new TopicGuess("boolean", JsonText.OfTexts(("topic", topic), ("payload", "boolean")));
        }
        if (TryValues(payload, out List<(string Key, string Kind)> values))
        {
            return new TopicGuess("json", values.Count == 0 ? null : OfJson(topic, values));
        }
        return new TopicGuess(System.Text.Unicode.Utf8.IsValid(payload) && !payload.ContainsAnyInRange((byte)0, (byte)8) ? "text" : "bytes", null);
    }

    /// <summary>Numbers and booleans at the top of a JSON object.</summary>
    private static bool TryValues(ReadOnlySpan<byte> payload, out List<(string Key, string Kind)> values)
    {
        values = [];
        var reader = new Utf8JsonReader(payload);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                reader.Read();
                string? kind = reader.TokenType switch
                {
                    JsonTokenType.Number => "number",
                    JsonTokenType.True or JsonTokenType.False => "boolean",
                    _ => null,
                };
                if (kind is not null && values.Count < MostValues && key.Length is > 0 and <= 32 && !values.Exists(other => other.Key == key))
                {
                    values.Add((key, kind));
                }
                reader.Skip();
            }
            // Anything behind the object is a syntax error, which the reader throws here.
            reader.Read();
            return true;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string OfJson(string topic, List<(string Key, string Kind)> values) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("topic", topic);
        json.WriteString("payload", "json");
        json.WriteStartArray("values");
        foreach ((string key, string kind) in values)
        {
            json.WriteStartObject();
            json.WriteString("pointer", $"/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}");
            json.WriteString("suffix", $"/{key}");
            json.WriteString("kind", kind);
            // One message is no promise that the next has it too.
            json.WriteBoolean("optional", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The beginning of a message for people.</summary>
    public static string Sample(ReadOnlySpan<byte> payload)
    {
        const int Most = 48;
        string text = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, 4 * Most)]);
        string shown = string.Concat(text.Where(letter => !char.IsControl(letter)).Take(Most));
        return text.Length > Most ? shown + "…" : shown;
    }
}
