using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Batching;

namespace EdgeAgent.Tests.Clock;

/// <summary>Readings of a board without a clock, through the real batcher into a real spool.</summary>
public sealed class ProvisionalBatchTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly TestMachine _machine = new();
    private readonly AgentClock _clock;
    private int _value;

    public ProvisionalBatchTests() => _clock = TestClocks.Of(_machine, _folder["clock"]);

    private static long NowNanoseconds => UnixTime.Nanoseconds(Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_stored_before_NTP_came_is_marked_and_becomes_right_by_the_reference()
    {
        await using Pipeline pipeline = await StartAsync();
        Series series = pipeline.Series("s");
        for (int hour = 0; hour < 5; hour++)
        {
            await TakeAsync(pipeline, series);
            await TakeAsync(pipeline, series);
            await CloseAsync(pipeline, hour + 1);
            _machine.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMinutes(1) - TimeSpan.FromSeconds(2));
        }
        _machine.Synchronize(Now);
        _machine.Time.Advance(TimeSpan.FromSeconds(1));
        await TakeAsync(pipeline, series);
        await CloseAsync(pipeline, 6);

        SpoolQueue live = pipeline.Slot.Current.Spool[SpoolLane.Live];
        List<TimedRecord> stored = TimedRecords.Read(live);
        List<TimedRecord> corrected = TimedRecords.Read(live, References());

        Assert.Equal([true, true, true, true, true, false], stored.Select(record => record.IsMarked));
        Assert.All(stored[..5], record => Assert.Equal((ClockState.Provisional, _clock.BootId), (record.Clock!.State, record.Clock.BootId)));
        Assert.All(corrected, record => Assert.Null(record.Clock));
        // An hour apart, two of them a second apart, and the last one is at noon.
        Assert.Equal(
            Enumerable.Range(0, 5).SelectMany(hour => (long[])[-18_000 + (hour * 3600L), -17_999 + (hour * 3600L)]).Append(1).Select(second => NowNanoseconds + (second * Second)),
            Times(corrected));
        Assert.Equal(Enumerable.Range(1, 11).Select(value => (double)value), Values(corrected));
    }

    [Fact]
    public async Task A_batch_that_is_open_when_the_time_becomes_known_is_stored_right()
    {
        await using Pipeline pipeline = await StartAsync();
        Series series = pipeline.Series("s");
        await TakeAsync(pipeline, series);
        _machine.Synchronize(Now);
        _machine.Time.Advance(TimeSpan.FromSeconds(4));
        await TakeAsync(pipeline, series);
        await CloseAsync(pipeline, 1);

        TimedRecord record = Assert.Single(TimedRecords.Read(pipeline.Slot.Current.Spool[SpoolLane.Live]));
        Assert.Equal((false, null), (record.IsMarked, record.Clock));
        Assert.Equal([NowNanoseconds - Second, NowNanoseconds + (4 * Second)], Times([record]));
    }

    [Fact]
    public async Task What_a_device_says_itself_is_never_moved()
    {
        await using Pipeline pipeline = await StartAsync();
        Series series = pipeline.Series("s");
        await TakeAsync(pipeline, series);
        await pipeline.Channel.WriteAsync(Reading.OfNumber(series.Id, 77 * Second, 100), CancellationToken.None);
        await TakeAsync(pipeline, series);
        await pipeline.Channel.WriteAsync(Reading.OfNumber(series.Id, 78 * Second, 101), CancellationToken.None);
        await CloseAsync(pipeline, 2);
        _machine.Synchronize(Now);
        _machine.Time.Advance(TimeSpan.FromSeconds(2));

        List<TimedRecord> records = TimedRecords.Read(pipeline.Slot.Current.Spool[SpoolLane.Live], References());

        Assert.Equal([false, true], records.Select(record => record.IsMarked));
        Assert.Equal([(100d, 77 * Second), (101d, 78 * Second)], records[0].Readings);
        Assert.Equal([1d, 2d], Values(records[1..]));
        Assert.Equal(Second, records[1].Readings[1].Time - records[1].Readings[0].Time);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_jump_of_the_wall_clock_disturbs_neither_the_order_nor_the_distances_nor_when_a_batch_closes(int years)
    {
        await using Pipeline pipeline = await StartAsync();
        Series series = pipeline.Series("s");
        _machine.Time.SetWallClock(Now);
        _machine.Time.Advance(TimeSpan.FromSeconds(1));
        await TakeAsync(pipeline, series);
        _machine.Time.SetWallClock(Now.AddYears(years));
        for (int i = 0; i < 28; i++)
        {
            _machine.Time.Advance(TimeSpan.FromSeconds(1));
            await TakeAsync(pipeline, series);
        }
        Assert.Equal(0, pipeline.Metrics.BatchesClosed.Value);
        await CloseAsync(pipeline, 1);

        TimedRecord record = Assert.Single(TimedRecords.Read(pipeline.Slot.Current.Spool[SpoolLane.Live]));
        Assert.Equal(29, record.Readings.Count);
        Assert.All(
            record.Readings.Zip(record.Readings.Skip(1)),
            pair => Assert.Equal(2 * Second, pair.Second.Time - pair.First.Time));
    }

    [Fact]
    public void A_batch_that_is_encoded_once_more_keeps_its_clock()
    {
        var catalog = new SeriesCatalog();
        Assert.True(catalog.TryRegister("s", "", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out Series? series));
        var part = new BatchPart(catalog, new BatchOptions());
        ReadingTime time = _clock.Now();
        part.Add(Reading.OfNumber(series.Id, time, 5), SeriesKind.Number, time.Offset!);
        var batch = new UncommittedBatch { Lane = SpoolLane.Live };
        part.Encode(1, 0, batch, isInterleaved: false);
        byte[] before = batch.Bytes.WrittenSpan.ToArray();
        using var pipeline = new SpoolHolder(_folder["spool"]);

        new BatchRewriter(catalog, BatchCompression.Gzip).Rewrite(batch, pipeline.Opened, 64 << 10);

        Assert.True(StoredRecord.IsProvisional(before) && StoredRecord.IsProvisional(batch.Bytes.WrittenSpan));
        ReadingBatch[] batches = [Protocol.V1.Record.Parser.ParseFrom(before).Batch, Protocol.V1.Record.Parser.ParseFrom(batch.Bytes.WrittenSpan).Batch];
        Assert.Equal(batches[0].Clock, batches[1].Clock);
        Assert.Equal(batches[0].BaseTimeUnixNanoseconds, batches[1].BaseTimeUnixNanoseconds);
    }

    private Task<Pipeline> StartAsync() => new Pipeline(_folder, _machine.Time).StartAsync();

    /// <summary>A reading of the next value, and a second.</summary>
    private async Task TakeAsync(Pipeline pipeline, Series series)
    {
        await pipeline.Channel.WriteAsync(Reading.OfNumber(series.Id, _clock.Now(), ++_value), CancellationToken.None);
        await Eventually.TrueAsync(() => !pipeline.Channel.Reader.TryPeek(out _), TimeSpan.FromSeconds(20), () => "the batcher takes the reading");
        _machine.Time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>A minute, the age of a batch.</summary>
    private async Task CloseAsync(Pipeline pipeline, int records)
    {
        _machine.Time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            () => pipeline.Slot.Current.Spool[SpoolLane.Live].Committed == (ulong)records, TimeSpan.FromSeconds(20), () => $"there are {records} records");
    }

    private ClockReferences References()
    {
        var references = new ClockReferences();
        Assert.All(_clock.References(), reference => Assert.True(references.TryAdd(reference)));
        return references;
    }

    private static IEnumerable<long> Times(IEnumerable<TimedRecord> records) => records.SelectMany(record => record.Readings).Select(reading => reading.Time);

    private static IEnumerable<double> Values(IEnumerable<TimedRecord> records) => records.SelectMany(record => record.Readings).Select(reading => reading.Value);

    /// <summary>An empty spool.</summary>
    private sealed class SpoolHolder(string path) : IDisposable
    {
        public OpenedSpool Opened { get; } = new(
            Spool.Open(new SpoolOptions { Path = path, MaximumBytes = 4 << 20, SegmentBytes = 256 << 10, FreeSpaceFloor = 0 }, TimeProvider.System, Guid.Empty), 0, 0, 0);

        public void Dispose() => Opened.Spool.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
