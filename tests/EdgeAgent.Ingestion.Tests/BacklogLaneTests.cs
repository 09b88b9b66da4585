using System.Text.Json;
using EdgeAgent.Protocol.V1;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

public sealed class BacklogLaneTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async Task InitializeAsync() => _service = await RunningService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task What_comes_by_the_backlog_counts_by_itself_and_is_marked_and_is_not_the_newest_value()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2));
        // The same sequences in another lane are other records.
        await _service.Client().SendAsync(Open(1, Lane.Backlog), Numbers(1, readings: 2));

        JsonElement[] readings = [.. (await _service.JsonAsync("api/readings?series=plant-1/office/temperature")).GetProperty("readings").EnumerateArray()];
        Assert.Equal(2, readings.Count(static reading => reading.TryGetProperty("late", out JsonElement late) && late.GetBoolean()));
        Assert.Equal(readings.Length - 2, readings.Count(static reading => !reading.TryGetProperty("late", out _)));
        string csv = await _service.Http.GetStringAsync("api/readings?series=plant-1/office/temperature&format=csv");
        Assert.Equal(2, csv.Split("\r\n").Count(static row => row.EndsWith(",true", StringComparison.Ordinal)));
        Assert.EndsWith(",clock,late", csv.Split("\r\n")[0], StringComparison.Ordinal);
        Assert.Equal(["live", "backlog"], (await SpoolsAsync()).Select(static spool => spool.GetProperty("lane").GetString()));
    }

    [Fact]
    public async Task What_a_device_says_of_its_backlog_is_shown_until_all_that_it_told_of_is_stored()
    {
        UploadRequest open = Open(1, Lane.Backlog);
        (open.Open.BacklogBytes, open.Open.OldestAgeMilliseconds, open.Open.LastSequence, open.Open.DrainedInMilliseconds) = (5_000, 90_000, 3, 60_500);
        await _service.Client().SendAsync(open, Numbers(1));

        JsonElement waiting = Assert.Single(await SpoolsAsync()).GetProperty("waiting");
        Assert.Equal((5_000L, 90d, 60.5), (
            waiting.GetProperty("bytes").GetInt64(), waiting.GetProperty("oldestAgeSeconds").GetDouble(), waiting.GetProperty("drainedInSeconds").GetDouble()));

        // The next session does not know when; it tells of less, and ends before the last of it.
        open = Open(2, Lane.Backlog);
        (open.Open.BacklogBytes, open.Open.LastSequence) = (3_000, 3);
        await _service.Client().SendAsync(open, Numbers(2));
        waiting = Assert.Single(await SpoolsAsync()).GetProperty("waiting");
        Assert.Equal((3_000L, JsonValueKind.Null), (waiting.GetProperty("bytes").GetInt64(), waiting.GetProperty("drainedInSeconds").ValueKind));

        // A client that tells nothing changes nothing of it, but its record is the last that waited.
        await _service.Client().SendAsync(Open(3, Lane.Backlog), Numbers(3));
        Assert.Equal(JsonValueKind.Null, Assert.Single(await SpoolsAsync()).GetProperty("waiting").ValueKind);
    }

    private async Task<JsonElement[]> SpoolsAsync() =>
        [.. (await _service.JsonAsync("api/devices")).GetProperty("devices")[0].GetProperty("spools").EnumerateArray()];
}
