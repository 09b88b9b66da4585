using System.Text.Json;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>Aggregates of readings that a device had to thin: stored, shown, and never taken for readings.</summary>
public sealed class ThinnedTests
{
    [Fact]
    public async Task Aggregates_are_stored_as_series_of_their_own_and_counted_apart_from_readings_everywhere()
    {
        await using RunningService service = await RunningService.StartAsync();

        UploadReceipt receipt = await service.Client().SendAsync(
            Open(1), Numbers(1), ThinnedUploads.Minutes(2, kept: 2), Gap(3, 9, 178, LossCause.Thinned), Numbers(10));

        Assert.Equal((10ul, 3u, 8ul), (receipt.DurableThrough, receipt.RecordsStored, receipt.ReadingsStored));
        JsonElement spool = (await service.JsonAsync("api/devices")).GetProperty("devices")[0].GetProperty("spools")[0];
        Assert.Equal((8L, 15L), (spool.GetProperty("readings").GetInt64(), spool.GetProperty("aggregates").GetInt64()));
        JsonElement summary = await service.JsonAsync("api/summary");
        Assert.Equal(
            (8L, 15L, 2L, 178L, 0L),
            (summary.GetProperty("readings").GetInt64(), summary.GetProperty("aggregates").GetInt64(), summary.GetProperty("series").GetInt64(),
                summary.GetProperty("readingsThinned").GetInt64(), summary.GetProperty("readingsLost").GetInt64()));
        JsonElement[] series = [.. (await service.JsonAsync("api/series?device=plant-1")).GetProperty("series").EnumerateArray()];
        Assert.Equal(
            [
                "office/humidity 2 0 ", "office/temperature 6 0 ", "office/temperature:count:1m 0 3 count 60 office/temperature",
                "office/temperature:last:1m 0 3 last 60 office/temperature", "office/temperature:max:1m 0 3 max 60 office/temperature",
                "office/temperature:mean:1m 0 3 mean 60 office/temperature", "office/temperature:min:1m 0 3 min 60 office/temperature",
            ],
            series.Select(each => $"{each.GetProperty("name")} {each.GetProperty("readings")} {each.GetProperty("entries")} {Aggregate(each)}"));
        Assert.Equal(Values(2.0, 3.0, 4.0), await service.ValuesAsync("plant-1/office/temperature:max:1m"));
        Assert.Equal(StoredReadings.Expected(3, 1, 10), await service.ValuesAsync());
    }

    [Fact]
    public async Task What_was_lost_is_added_up_by_device_and_cause_and_every_entry_stays()
    {
        await using RunningService service = await RunningService.StartAsync();
        await service.Client().SendAsync(
            Open(1), Numbers(1), Gap(2, 3, 100, LossCause.Thinned), Gap(4, 4, 0, LossCause.Corrupt), Gap(5, 9, 50, LossCause.Thinned), Gap(10, 10, 7));
        await service.Client("plant-2").SendAsync(Open(1), Numbers(1), Gap(2, 3, 1, LossCause.Overflow));

        JsonElement[] losses = [.. (await service.JsonAsync("api/losses")).GetProperty("losses").EnumerateArray()];
        Assert.Equal(
            ["plant-1 evicted 1 7 0", "plant-1 thinned 2 150 0", "plant-1 corrupt 1 0 1", "plant-2 overflow 1 1 0"],
            losses.Select(loss => string.Join(
                ' ', new[] { "device", "cause", "entries", "readings", "entriesUnknown" }.Select(name => loss.GetProperty(name).ToString()))));
        Assert.Equal(3, (await service.JsonAsync("api/losses?device=plant-1")).GetProperty("losses").GetArrayLength());
        JsonElement summary = await service.JsonAsync("api/summary");
        Assert.Equal((8L, 150L), (summary.GetProperty("readingsLost").GetInt64(), summary.GetProperty("readingsThinned").GetInt64()));
        Assert.Equal(
            [(2ul, 3ul, 1ul), (10ul, 10ul, 7ul), (5ul, 9ul, 50ul), (4ul, 4ul, 0ul), (2ul, 3ul, 100ul)],
            (await service.JsonAsync("api/gaps")).GetProperty("gaps").EnumerateArray().Select(
                gap => (gap.GetProperty("from").GetUInt64(), gap.GetProperty("to").GetUInt64(), gap.GetProperty("readingsLost").GetUInt64())));
    }

    [Fact]
    public async Task A_series_of_readings_that_is_called_like_an_aggregate_stays_another_series()
    {
        await using RunningService service = await RunningService.StartAsync();
        UploadRequest confusing = Numbers(1);
        confusing.Record.Batch.Definitions[0].Name = "office/temperature:max:1m";
        await service.Client().SendAsync(Open(1), confusing, ThinnedUploads.Minutes(2));

        JsonElement[] both = [.. (await service.JsonAsync("api/series")).GetProperty("series").EnumerateArray()
            .Where(each => each.GetProperty("name").GetString() == "office/temperature:max:1m")];
        Assert.Equal(["3 0", "0 3"], both.Select(each => $"{each.GetProperty("readings")} {each.GetProperty("entries")}"));
        // The name stands for the readings, the id for either.
        Assert.Equal(Values(1000.0, 1001.0, 1002.0), await service.ValuesAsync("plant-1/office/temperature:max:1m"));
        Assert.Equal(Values(2.0, 3.0, 4.0), await service.ValuesAsync(both[1].GetProperty("id").ToString()));
    }

    [Fact]
    public async Task Dictionaries_of_thinned_records_have_large_numbers_and_do_not_push_out_younger_ones()
    {
        await using RunningService service = await RunningService.StartAsync();
        for (ulong sequence = 1; sequence <= 6; sequence++)
        {
            UploadRequest thinned = ThinnedUploads.Minutes(sequence);
            thinned.Record.Batch.Dictionary = sequence | (1ul << 56);
            await service.Client().SendAsync(Open(sequence), thinned);
        }
        UploadRequest raw = Numbers(7, define: true);
        raw.Record.Batch.Dictionary = 7;
        await service.Client().SendAsync(Open(7), raw);
        await service.RestartAsync();

        // Not named again: the service has to know it still.
        UploadRequest next = Numbers(8);
        next.Record.Batch.Dictionary = 7;
        Assert.Equal(8ul, (await service.Client().SendAsync(Open(8), next)).DurableThrough);
        // And the last of the thinned ones too.
        UploadRequest more = ThinnedUploads.Minutes(9);
        more.Record.Batch.Dictionary = 6 | (1ul << 56);
        more.Record.Batch.Definitions.Clear();
        Assert.Equal(9ul, (await service.Client().SendAsync(Open(9), more)).DurableThrough);
    }

    [Fact]
    public async Task A_dictionary_of_thinned_records_that_the_service_has_lost_is_asked_for_and_taken()
    {
        await using RunningService service = await RunningService.StartAsync();
        UploadRequest nameless = ThinnedUploads.Minutes(1);
        List<SeriesDefinition> definitions = [.. nameless.Record.Batch.Definitions];
        nameless.Record.Batch.Definitions.Clear();
        Assert.Equal(StatusCode.FailedPrecondition, (await service.Client().FailAsync(Open(1), nameless)).StatusCode);

        UploadRequest open = Open(1);
        open.Open.Dictionaries.Add(new Dictionary { Dictionary_ = ThinnedUploads.Dictionary, Definitions = { definitions } });
        Assert.Equal(0ul, (await service.Client().SendAsync(open, nameless)).ReadingsStored);
        Assert.Equal(Values(2.0, 3.0, 4.0), await service.ValuesAsync("plant-1/office/temperature:max:1m"));
    }

    [InstalledFact("chromium")]
    public async Task The_page_shows_thinned_stretches_as_bands_and_the_ledger_says_that_aggregates_are_kept()
    {
        await using RunningService service = await RunningService.StartAsync();
        await service.Client().SendAsync(Open(1), Numbers(1), ThinnedUploads.Minutes(2, minutes: 5), Gap(3, 9, 12_345, LossCause.Thinned));
        // Of this device nothing but aggregates is left.
        await service.Client("plant-2").SendAsync(Open(1), Gap(1, 1), ThinnedUploads.Minutes(2, minutes: 4));

        await using Browser browser = await Browser.OpenAsync(service.Web);
        await browser.WaitForAsync("document.querySelectorAll('svg.spark path.band').length === 9");

        string text = (string)(await browser.EvaluateAsync("document.body.innerText"))!;
        Assert.Contains("thinned windows: 5 of 60 s", text, StringComparison.Ordinal);
        Assert.Contains("thinned windows: 4 of 60 s", text, StringComparison.Ordinal);
        Assert.Contains("plant-1: thinned, kept as aggregates: 12,345 readings, 1 entry", text, StringComparison.Ordinal);
        Assert.Contains("3 – 9", text, StringComparison.Ordinal);
        // One card a series: aggregates have none of their own.
        Assert.Equal(2, (int?)await browser.EvaluateAsync("document.querySelectorAll('li.series').length"));

        await service.Client().SendAsync(Open(10), Aggregates(10));
        await browser.WaitForAsync("document.querySelectorAll('svg.spark path.band').length > 9");
        static UploadRequest Aggregates(ulong sequence)
        {
            UploadRequest later = ThinnedUploads.Minutes(sequence);
            later.Record.Batch.BaseTimeUnixNanoseconds += 3_600_000_000_000;
            return later;
        }
    }

    private static double[] Values(params double[] values) => values;

    private static string Aggregate(JsonElement series) => series.GetProperty("aggregate") is { ValueKind: JsonValueKind.Object } aggregate
        ? $"{aggregate.GetProperty("function")} {aggregate.GetProperty("windowSeconds")} {aggregate.GetProperty("of")}"
        : "";
}
