using System.Text.Json;
using EdgeAgent.Protocol.V1;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>A device that describes a series otherwise gives it another ref under the same name.</summary>
public sealed class RedescribedSeriesTests
{
    [Fact]
    public async Task Another_unit_label_or_kind_under_a_new_ref_loses_and_converts_no_reading_and_the_series_is_what_was_said_last()
    {
        await using RunningService service = await RunningService.StartAsync();
        UploadRequest state = Numbers(2, readings: 1);
        ReadingBatch batch = state.Record.Batch;
        batch.Definitions.Add(new SeriesDefinition { Ref = 2, Name = Temperature.Name, Unit = "", Kind = SeriesKind.Text, Labels = { ["room"] = "2.18" } });
        batch.Blocks[0] = new SeriesBlock { Series = 2, Times = 0, Texts = new TextColumn { Texts = { "warm" }, Indices = { 0 } } };

        // What was on its way under the old ref comes behind.
        await service.Client().SendAsync(Open(1), Numbers(1, readings: 1), state, Numbers(3, readings: 1));

        JsonElement series = Assert.Single((await service.JsonAsync("api/series?device=plant-1")).GetProperty("series").EnumerateArray());
        Assert.Equal(("", "text", "2.18", 3L), (
            series.GetProperty("unit").GetString(), series.GetProperty("kind").GetString(), series.GetProperty("labels").GetProperty("room").GetString(),
            series.GetProperty("readings").GetInt64()));
        JsonElement readings = (await service.JsonAsync("api/readings?series=plant-1/office/temperature")).GetProperty("readings");
        Assert.Equal(["1000", "\"warm\"", "3000"], readings.EnumerateArray().Select(reading => reading.GetProperty("value").GetRawText()));
    }
}
