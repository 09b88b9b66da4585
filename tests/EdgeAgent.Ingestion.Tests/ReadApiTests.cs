using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Web;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

public sealed class ReadApiTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async Task InitializeAsync()
    {
        _service = await RunningService.StartAsync();
        // 3,000 readings: several blocks of the paging, several records, one series.
        await _service.Client().SendAsync([Open(1), .. Enumerable.Range(1, 3).Select(i => Numbers((ulong)i, readings: 1_000))]);
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Devices_and_series_tell_what_is_known_of_them()
    {
        JsonElement device = (await _service.JsonAsync("api/devices")).GetProperty("devices")[0];
        Assert.Equal(("plant-1", "test 1"), (device.GetProperty("name").GetString(), device.GetProperty("agentVersion").GetString()));
        JsonElement series = (await _service.JsonAsync("api/series?device=plant-1")).GetProperty("series")[0];
        Assert.Equal(("office/temperature", "Cel", "number", 3_000L), (
            series.GetProperty("name").GetString(), series.GetProperty("unit").GetString(), series.GetProperty("kind").GetString(),
            series.GetProperty("readings").GetInt64()));
        Assert.Equal("2.17", series.GetProperty("labels").GetProperty("room").GetString());
        Assert.Equal(3_999, series.GetProperty("last").GetProperty("value").GetDouble());
        Assert.Equal(0, (await _service.JsonAsync("api/series?device=nobody")).GetProperty("series").GetArrayLength());
    }

    [Fact]
    public async Task Readings_are_cut_by_time_order_and_limit()
    {
        Assert.Equal(1_000, (await Readings("")).Length);
        Assert.Equal(3_000, (await Readings("&limit=100000")).Length);
        Assert.Equal(Values(3_999, 3_998), await Readings("&order=desc&limit=2"));
        // Record 1 begins 1,000 s after the start; from is inclusive, to is exclusive; both forms of time.
        Assert.Equal(Values(1_000, 1_001), await Readings($"&from={Start + 1_000_000_000_000}&to=2026-01-01T00:16:42Z"));
        Assert.Equal(Values(1_001), await Readings("&from=2026-01-01T00:16:40.000000001Z&to=2026-01-01T00:16:41.5Z"));
        Assert.Equal(Values(1_001), await Readings("&from=2026-01-01T01:16:41%2B01:00&limit=1"));
        Assert.Empty(await Readings("&from=2027-01-01"));
    }

    [Fact]
    public async Task A_range_read_backwards_is_the_range_read_forwards_reversed()
    {
        double[] forwards = await Readings("&limit=100000");
        double[] backwards = await Readings("&limit=100000&order=desc");
        Assert.Equal(forwards.Reverse(), backwards);
    }

    [Fact]
    public async Task Csv_holds_every_reading_whatever_asks_for_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/readings?series=plant-1/office/temperature");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using HttpResponseMessage answer = await _service.Http.SendAsync(request);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        string[] lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("time,unix_nanoseconds,value,unit,quality,device,series,clock,late", lines[0]);
        Assert.Equal("2026-01-01T00:16:40.000000000Z,1767226600000000000,1000,Cel,good,plant-1,office/temperature,synchronized,false", lines[1]);
        Assert.Equal(3_000 + 2, lines.Length);
        Assert.Equal("", lines[^1]);
        string limited = await _service.Http.GetStringAsync("api/readings?series=1&format=csv&limit=2");
        Assert.Equal(3, limited.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData(" edge", "\" edge\"")]
    [InlineData("", "")]
    public void Csv_quotes_what_RFC_4180_wants_quoted(string text, string expected) => Assert.Equal(expected, ReadingsCsv.Quoted(text));

    [Theory]
    [InlineData("api/readings", 400, "series is missing")]
    [InlineData("api/readings?series=plant-1/nothing", 404, "no series")]
    [InlineData("api/readings?series=99", 404, "no series")]
    [InlineData("api/readings?series=1&from=yesterday", 400, "from is \"yesterday\"")]
    [InlineData("api/readings?series=1&to=1.5", 400, "to is")]
    [InlineData("api/readings?series=1&limit=0", 400, "limit is \"0\"")]
    [InlineData("api/readings?series=1&limit=x", 400, "limit is \"x\"")]
    [InlineData("api/readings?series=1&order=up", 400, "order is \"up\"")]
    [InlineData("api/readings?series=1&format=xml", 400, "format is \"xml\"")]
    [InlineData("api/gaps?limit=-1", 400, "limit is")]
    [InlineData("api/nothing", 404, "There is no /api/nothing")]
    public async Task Wrong_parameters_are_answered_with_problem_details_that_say_which(string path, int status, string detail)
    {
        using HttpResponseMessage answer = await _service.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        JsonElement problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Contains(detail, problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_events_follow_what_is_stored()
    {
        using HttpResponseMessage answer = await _service.Http.GetAsync("api/live", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        await _service.Client().SendAsync(Open(4), Numbers(4));
        string? line;
        do
        {
            line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        while (line?.StartsWith("data: ", StringComparison.Ordinal) == false);
        JsonElement update = JsonDocument.Parse(line!["data: ".Length..]).RootElement[0];
        Assert.Equal(
            ("office/temperature", 4_002),
            (update.GetProperty("name").GetString(), update.GetProperty("last").GetProperty("value").GetDouble()));
    }

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    [InlineData(long.MaxValue, "2262-04-11T23:47:16.854775807Z")]
    [InlineData(long.MinValue, "1677-09-21T00:12:43.145224192Z")]
    public void Times_are_exact_to_the_nanosecond_in_both_directions(long nanoseconds, string text)
    {
        Assert.Equal(text, UnixTime.Format(nanoseconds));
        Assert.True(UnixTime.TryParse(text, out long parsed));
        Assert.Equal(nanoseconds, parsed);
    }

    [Theory]
    [InlineData("2262-04-11T23:47:16.854775808Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("2026-13-01")]
    [InlineData("")]
    public void A_time_that_does_not_fit_is_no_time(string text) => Assert.False(UnixTime.TryParse(text, out _));

    private static double[] Values(params double[] values) => values;

    private async Task<double[]> Readings(string rest)
    {
        JsonElement answer = await _service.JsonAsync($"api/readings?series=plant-1/office/temperature{rest}");
        return [.. answer.GetProperty("readings").EnumerateArray().Select(reading => reading.GetProperty("value").GetDouble())];
    }
}
