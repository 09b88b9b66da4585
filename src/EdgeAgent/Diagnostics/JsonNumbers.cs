using System.Text.Json;

namespace EdgeAgent.Diagnostics;

/// <summary>Numbers in JSON that may not be known.</summary>
internal static class JsonNumbers
{
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>In seconds. Milliseconds are enough for people.</summary>
    public static void WriteSeconds(this Utf8JsonWriter json, string name, TimeSpan? time) =>
        json.WriteNumberOrNull(name, time is { } known ? Math.Round(known.TotalSeconds, 3) : null);
}
