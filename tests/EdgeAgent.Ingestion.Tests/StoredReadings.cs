using System.Text.Json;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>What the read API says is stored.</summary>
internal static class StoredReadings
{
    public static async Task<JsonElement> JsonAsync(this RunningService service, string path)
    {
        using HttpResponseMessage answer = await service.Http.GetAsync(path);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>The values of a series in order of time.</summary>
    public static async Task<double[]> ValuesAsync(this RunningService service, string series = "plant-1/office/temperature")
    {
        JsonElement answer = await service.JsonAsync($"api/readings?limit=100000&series={Uri.EscapeDataString(series)}");
        return [.. answer.GetProperty("readings").EnumerateArray().Select(reading => reading.GetProperty("value").GetDouble())];
    }

    /// <summary>What <see cref="Uploads.Numbers"/> makes of these sequences.</summary>
    public static double[] Expected(int readings, params ulong[] sequences) =>
        [.. sequences.SelectMany(sequence => Enumerable.Range(0, readings).Select(i => (sequence * 1000d) + i))];
}
