using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using static EdgeAgent.Ingestion.Tests.Stores.StoreRig;

namespace EdgeAgent.Ingestion.Tests.Stores;

/// <summary>What every store keeps to, whatever it is made of.</summary>
[Collection(SharedPostgres.Collection)]
public sealed class ReadingStoreTests(SharedPostgres postgres)
{
    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task The_same_chunk_twice_is_stored_once(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Superseded], await rig.StoreAsync(Chunk(1, 3), Chunk(1, 3)));
        Assert.Equal([StoreOutcome.Superseded], await rig.StoreAsync(Chunk(1, 3)));
        Assert.Equal(3, rig.Readings().Count);
        Assert.Equal(3UL, await rig.Store.ReadDurableThroughAsync(Source, CancellationToken.None));
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Chunks_of_one_source_that_continue_each_other_may_share_a_transaction(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Stored], await rig.StoreAsync(Chunk(1, 2), Chunk(3, 5)));
        Assert.Equal([1000d, 2000d, 3000d, 4000d, 5000d], rig.Readings().Select(reading => reading.Value.Number));
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task A_chunk_whose_series_is_unknown_leaves_no_trace_and_does_not_hinder_its_neighbours(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        using SourceChunk unnamed = Chunk(1, 2, define: false, device: "plant-2");
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.SeriesUnknown, StoreOutcome.Stored], await rig.StoreAsync(Chunk(1, 2), unnamed, Chunk(3, 3)));
        Assert.Equal(["plant-1"], rig.Queries.Devices().Select(device => device.Name));
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task A_reopened_database_continues_where_it_was_and_knows_its_dictionaries(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        await rig.StoreAsync(Chunk(1, 2));
        await rig.ReopenAsync();
        Assert.Equal(2UL, await rig.Store.ReadDurableThroughAsync(Source, CancellationToken.None));
        Assert.Equal([StoreOutcome.Stored], await rig.StoreAsync(Chunk(3, 4, define: false)));
        Assert.Equal(4, rig.Readings().Count);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Two_instances_that_are_sent_the_same_store_it_once(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        await using IReadingStore other = await rig.OpenAnotherAsync();
        for (ulong sequence = 1; sequence <= 20; sequence++)
        {
            // Several devices in either order, so that whoever locks in the order of arrival stands in a circle.
            SourceChunk[] here = [Chunk(sequence, sequence), Chunk(sequence, sequence, device: "plant-2")];
            SourceChunk[] there = [Chunk(sequence, sequence, device: "plant-2"), Chunk(sequence, sequence)];
            IReadOnlyList<StoreResult>[] results = await Task.WhenAll(
                Task.Run(async () => await rig.Store.StoreAsync(here, CancellationToken.None)),
                Task.Run(async () => await other.StoreAsync(there, CancellationToken.None)));
            Assert.Equal(2, results.SelectMany(outcomes => outcomes).Count(result => result.Outcome == StoreOutcome.Stored));
        }
        Assert.Equal(20, rig.Readings().Count);
        Assert.Equal(20, rig.Readings(device: "plant-2").Count);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Every_kind_of_value_comes_back_as_it_was(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        using SourceChunk chunk = Chunk(1, 1);
        chunk.Readings.Define(1, new SeriesDefinition { Ref = 2, Name = "door", Kind = SeriesKind.Boolean });
        chunk.Readings.Define(1, new SeriesDefinition { Ref = 3, Name = "state", Kind = SeriesKind.Text });
        chunk.Readings.Numbers(1, 1, [10, 11, 12, 13], [double.NaN, double.NegativeInfinity, -0.1, 0], [Quality.Good, Quality.Uncertain, Quality.Good, Quality.NoResponse]);
        chunk.Readings.Booleans(1, 2, [10, 11], [true, false], []);
        chunk.Readings.Texts(1, 3, [10, 11], ["", "läuft\n\"so\""], []);
        Assert.Equal([StoreOutcome.Stored], await rig.StoreAsync(chunk));

        Assert.Equal(
            [ReadingValue.Of(1000d), ReadingValue.Of(double.NaN), ReadingValue.Of(double.NegativeInfinity), ReadingValue.Of(-0.1), ReadingValue.None],
            rig.Readings().Select(reading => reading.Value));
        Assert.Equal(Quality.NoResponse, rig.Readings()[^1].Quality);
        Assert.Equal([ReadingValue.Of(true), ReadingValue.Of(false)], rig.Readings("door").Select(reading => reading.Value));
        Assert.Equal([ReadingValue.Of(""), ReadingValue.Of("läuft\n\"so\"")], rig.Readings("state").Select(reading => reading.Value));
        Assert.Equal(
            [ReadingValue.Of(false), ReadingValue.None, ReadingValue.Of("läuft\n\"so\"")],
            rig.Queries.Series("plant-1").Select(series => series.LastValue));
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task A_text_that_the_database_cannot_hold_keeps_nothing_else_from_being_stored(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        using SourceChunk chunk = Chunk(1, 1);
        chunk.Readings.Define(1, new SeriesDefinition { Ref = 3, Name = "state", Kind = SeriesKind.Text });
        chunk.Readings.Texts(1, 3, [10, 11], ["a\0b", "c"], []);
        Assert.Equal([StoreOutcome.Stored], await rig.StoreAsync(chunk));
        Assert.Equal(["a?b", "c"], rig.Readings("state").Select(reading => reading.Value.Text!.Replace('\0', '?').Replace('\uFFFD', '?')));
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Gaps_and_provisional_times_are_kept_and_added_up(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        using SourceChunk chunk = Chunk(1, 2);
        chunk.Provisional.Add(new ProvisionalRecord(2, ByteString.CopyFrom(new byte[16]), 5, 6));
        chunk.Gaps.Add(new ExplainedGap(3, 9, 3, 50, LossCause.Evicted));
        chunk.Gaps.Add(new ExplainedGap(10, 11, 10, 0, LossCause.Evicted));
        chunk.Gaps.Add(new ExplainedGap(12, 12, 12, 7, LossCause.Thinned));
        chunk.Through = 12;
        await rig.StoreAsync(chunk);

        Assert.Equal([false, true], rig.Readings().Select(reading => reading.IsProvisional));
        Assert.Equal([12UL, 10UL, 3UL], rig.Queries.Gaps(null, 10).Select(gap => gap.From));
        Assert.Equal([12UL], rig.Queries.Gaps("plant-1", 1).Select(gap => gap.From));
        StoredLoss evicted = Assert.Single(rig.Queries.Losses("plant-1"), loss => loss.Cause == LossCause.Evicted);
        Assert.Equal((2, 50, 1), (evicted.Entries, evicted.Readings, evicted.Unknown));
        StoreSummary summary = rig.Queries.Summary();
        Assert.Equal((1, 1, 2, 3, 50, 7), (summary.Devices, summary.Series, summary.Readings, summary.Gaps, summary.ReadingsLost, summary.ReadingsThinned));
        Assert.True(summary.DatabaseBytes > 0);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task A_series_that_is_described_anew_changes_and_its_readings_stay(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        await rig.StoreAsync(Chunk(1, 2));
        using SourceChunk renamed = Chunk(3, 3, define: false, dictionary: 3);
        renamed.Readings.Define(3, new SeriesDefinition
        {
            Ref = 1,
            Name = "office/temperature",
            Unit = "K",
            Kind = SeriesKind.Number,
            ExpectedIntervalMilliseconds = 500,
            Labels = { ["b"] = "2", ["a"] = "1" },
        });
        await rig.StoreAsync(renamed);

        StoredSeries series = Assert.Single(rig.Queries.Series(null));
        Assert.Equal(("K", """{"a":"1","b":"2"}""", 3, 500_000_000), (series.Unit, series.Labels, series.Readings, series.ExpectedIntervalNanoseconds));
        Assert.Equal(3, rig.Readings().Count);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Aggregates_have_a_series_of_their_own_beside_the_readings(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        using SourceChunk chunk = Chunk(1, 1);
        chunk.Readings.Define(1, new SeriesDefinition
        {
            Ref = 2,
            Name = "office/temperature",
            Kind = SeriesKind.Number,
            Aggregate = new Aggregate { Function = AggregateFunction.Maximum, Of = "office/temperature", WindowSeconds = 60 },
        });
        chunk.Readings.BeginAggregates();
        chunk.Readings.Numbers(1, 2, [60], [25d], []);
        StoreResult result = Assert.Single(await rig.Store.StoreAsync([chunk], CancellationToken.None));

        Assert.Equal([AggregateFunction.Unspecified, AggregateFunction.Maximum], rig.Queries.Series(null).Select(series => series.Aggregate?.Function ?? 0));
        Assert.Equal([null, 60u], result.Latest.Select(latest => latest.Aggregate?.WindowSeconds));
        Assert.Equal((1, 1), (rig.Queries.Summary().Aggregates, rig.Queries.Summary().Series));
        Assert.Null(rig.Queries.FindSeries("plant-1", "office/temperature")!.Aggregate);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Old_dictionaries_are_dropped_so_that_they_do_not_pile_up(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        for (ulong sequence = 1; sequence <= 20; sequence++)
        {
            await rig.StoreAsync(Chunk(sequence, sequence, dictionary: sequence));
        }
        await rig.ReopenAsync();
        Assert.Equal([StoreOutcome.Stored], await rig.StoreAsync(Chunk(21, 21, define: false, dictionary: 17)));
        Assert.Equal([StoreOutcome.SeriesUnknown], await rig.StoreAsync(Chunk(22, 22, define: false, dictionary: 16)));
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task A_reading_from_the_future_does_not_stay_the_last_one_for_ever(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        using SourceChunk future = Chunk(1, 1, time: _ => long.MaxValue);
        await rig.StoreAsync(future);
        using SourceChunk present = Chunk(2, 2, time: _ => future.ReceivedUnixNanoseconds + 1, received: future.ReceivedUnixNanoseconds + 2);
        await rig.StoreAsync(present);
        Assert.Equal(ReadingValue.Of(2000d), rig.Queries.Series(null).Single().LastValue);
        // And one from the past, as a backlog brings it, does not become the last one.
        using SourceChunk past = Chunk(3, 3, time: _ => 0, received: future.ReceivedUnixNanoseconds + 3);
        await rig.StoreAsync(past);
        Assert.Equal(ReadingValue.Of(2000d), rig.Queries.Series(null).Single().LastValue);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Ranges_are_read_in_blocks_in_both_directions(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        // Equal times, so that a block ends in the middle of an instant.
        await rig.StoreAsync(Chunk(1, 9, time: sequence => (long)sequence / 5), Chunk(1, 1, lane: Lane.Backlog, time: _ => 1));
        long series = rig.Queries.FindSeries("plant-1", "office/temperature")!.Id;
        foreach (bool descending in (bool[])[false, true])
        {
            var range = new ReadingRange(series, 0, 2, descending);
            var read = new List<StoredReading>();
            var block = new StoredReading[4];
            int count;
            do
            {
                count = rig.Queries.ReadBlock(range, read.Count > 0 ? read[^1] : null, block);
                read.AddRange(block[..count]);
            }
            while (count == block.Length);
            Assert.Equal(10, read.Distinct().Count());
            Assert.Equal(10, read.Count);
            Assert.Equal(read.OrderBy(reading => descending ? -reading.UnixNanoseconds : reading.UnixNanoseconds).Select(reading => reading.UnixNanoseconds), read.Select(reading => reading.UnixNanoseconds));
            Assert.Single(read, reading => reading.IsLate);
        }
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Series_that_were_not_heard_of_are_found(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        using SourceChunk chunk = Chunk(1, 1, define: false, received: 1_000);
        chunk.Readings.Define(1, new SeriesDefinition { Ref = 1, Name = "office/temperature", Kind = SeriesKind.Number, ExpectedIntervalMilliseconds = 1 });
        await rig.StoreAsync(chunk);
        Assert.Empty(rig.Queries.Unheard(1_000));
        Assert.Equal(1_000, Assert.Single(rig.Queries.Unheard(1_001)).HeardUnixNanoseconds);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task What_a_device_said_of_its_backlog_is_shown(StoreKind kind)
    {
        await using StoreRig rig = await OpenAsync(kind, postgres);
        using var chunk = new SourceChunk(Source, "agent 1\0", new WaitingReport(1, 2, 3, 4)) { ReceivedUnixNanoseconds = 77 };
        chunk.Begin(0);
        chunk.Gaps.Add(new ExplainedGap(1, 1, 1, 1, LossCause.Evicted));
        chunk.Through = 1;
        await rig.StoreAsync(chunk);
        StoredSpool spool = Assert.Single(Assert.Single(rig.Queries.Devices()).Spools);
        Assert.Equal((new WaitingReport(1, 2, 3, 4), 77, Convert.ToHexStringLower(Uploads.Spool)), (spool.Waiting, spool.ToldUnixNanoseconds, spool.Spool));
    }
}
