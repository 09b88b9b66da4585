using EdgeAgent.Batching;
using EdgeAgent.Configuration;
using EdgeAgent.Processing;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Batching;

/// <summary>The real batcher takes other rules and bounds while a writer is at it.</summary>
public sealed class RuleRainTests
{
    /// <summary>More than any reading's number: a stored value tells which reading it is and which rule it went by.</summary>
    private const long PerRule = 100_000_000;

    private const int Changes = 40;

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_reading_is_stored_once_by_the_rule_and_with_the_unit_that_were_in_force_when_it_passed()
    {
        await using Pipeline pipeline = await new Pipeline(spool: Large, rules: Offset(0)).StartAsync();
        Series series = pipeline.Series("s");
        var writer = new Writer(i => pipeline.WriteAsync(series, i));
        // What was written before a change began goes by an earlier rule, and what is written after it by a later one.
        var first = new long[Changes + 1];
        var last = new long[Changes + 1];
        last[Changes] = long.MaxValue;
        for (int rule = 1; rule <= Changes; rule++)
        {
            first[rule] = writer.Written;
            await ChangeAsync(pipeline, new AgentConfiguration { Report = new ReportRules([Offset(rule)]) });
            // One more may have been on its way.
            last[rule - 1] = writer.Written + 1;
        }
        long written = await writer.StopAsync();
        await pipeline.StopBatcherAsync();

        List<(string Name, string Unit, double Value)> stored = UnitSink.Read(pipeline.Slot.Current.Spool[SpoolLane.Live]);
        Assert.Equal(written, stored.Count);
        long next = 0;
        foreach ((_, string unit, double value) in stored)
        {
            (long rule, long reading) = Math.DivRem((long)value, PerRule);
            Assert.Equal((next++, $"u{rule % 3}"), (reading, unit));
            Assert.InRange(reading, first[rule], last[rule]);
        }
        Assert.Equal(0, pipeline.Metrics.ReadingsAtRisk.Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_rules_hold_back_the_books_agree(int seed)
    {
        var random = new Random(seed);
        await using Pipeline pipeline = await new Pipeline(spool: Large, rules: RandomRule(random)).StartAsync();
        Series[] series = [.. Enumerable.Range(0, 5).Select(i => pipeline.Series($"s{i}"))];
        var writer = new Writer(i => pipeline.Channel.WriteAsync(
            Reading.OfNumber(series[i % 5].Id, i * 1_000_000, i * 7919 % 100), CancellationToken.None));
        for (int change = 0; change < Changes; change++)
        {
            await ChangeAsync(pipeline, new AgentConfiguration { Report = new ReportRules([RandomRule(random)]) });
        }
        long written = await writer.StopAsync();
        await pipeline.StopBatcherAsync();

        Spool spool = pipeline.Slot.Current.Spool;
        List<(string Name, string Unit, double Value)> stored = [.. UnitSink.Read(spool[SpoolLane.Live]), .. UnitSink.Read(spool[SpoolLane.Alarm])];
        Assert.Equal(written, stored.Count(one => !one.Name.Contains(':')) + pipeline.Metrics.ReadingsSuppressed.Value);
        Assert.Equal(0, pipeline.Metrics.ReadingsAtRisk.Value);
        Assert.Equal(0, pipeline.Metrics.ReadingsDropped.Sum);
    }

    [Fact]
    public async Task While_the_spool_takes_nothing_rules_change_all_the_same_and_what_waits_goes_by_the_new_ones()
    {
        SpoolOptions? spool = null;
        await using Pipeline pipeline = await new Pipeline(spool: options => (spool = options).FreeSpaceFloor = long.MaxValue / 2, rules: Offset(0)).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, token: 1);
        await pipeline.UntilAsync(BatcherState.Held);
        await pipeline.PublishAsync(series, 2, token: 2);

        await ChangeAsync(pipeline, new AgentConfiguration { Report = new ReportRules([Offset(1)]) });
        spool!.FreeSpaceFloor = 0;
        await pipeline.Publisher.WaitForAsync(2);

        Assert.Equal(
            [("s", "u0", 1.0), ("s", "u1", 2.0 + PerRule)], UnitSink.Read(pipeline.Slot.Current.Spool[SpoolLane.Live]));
    }

    [Fact]
    public async Task A_batch_that_is_open_goes_by_the_new_bounds()
    {
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await new Pipeline(time: time, options: new BatchOptions { MaximumAge = TimeSpan.FromHours(1) }).StartAsync();
        await pipeline.WriteAsync(pipeline.Series("s"), 5);
        await Eventually.TrueAsync(
            () => pipeline.Metrics.ReadingsAtRisk.Value == 1 && pipeline.Channel.Reader.Count == 0, Enough, "the reading is in a batch");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, pipeline.Metrics.BatchesClosed.Value);

        await ChangeAsync(pipeline, new AgentConfiguration { Batch = new BatchOptions { MaximumAge = TimeSpan.FromSeconds(1) } });

        await Eventually.TrueAsync(() => pipeline.Metrics.SpoolCommits.Value == 1, Enough, "the batch is older than it may be now");
        Assert.Equal([("s", 5.0)], pipeline.Read());
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_change_is_a_stop()
    {
        await using Pipeline pipeline = await new Pipeline(rules: Offset(0)).StartAsync();
        Series series = pipeline.Series("s");
        for (int i = 0; i < 1_000; i++)
        {
            await pipeline.WriteAsync(series, i);
        }

        Task change = ChangeAsync(pipeline, new AgentConfiguration { Report = new ReportRules([Offset(1)]) });
        await pipeline.StopBatcherAsync();
        await change.WaitAsync(Enough);
        await ChangeAsync(pipeline, new AgentConfiguration { Report = new ReportRules([Offset(2)]) }).WaitAsync(Enough);

        Assert.Equal(1_000, UnitSink.Read(pipeline.Slot.Current.Spool[SpoolLane.Live]).Count);
    }

    private static ReportRule Offset(int rule) => new() { Calibration = new LinearCalibration(1, rule * PerRule), Unit = $"u{rule % 3}" };

    private static ReportRule RandomRule(Random random) => new()
    {
        Series = random.Next(2) == 0 ? "*" : "s*",
        Unit = random.Next(3) == 0 ? "%" : null,
        Deadband = random.Next(3) == 0 ? 20 : null,
        MinimumInterval = TimeSpan.FromMilliseconds(random.Next(2)),
        Window = random.Next(2) == 0 ? new WindowRule { Length = TimeSpan.FromSeconds(random.Next(1, 3)) } : null,
        Alarm = random.Next(2) == 0 ? new AlarmRule { Above = random.Next(50, 90), Hysteresis = 10 } : null,
    };

    private static void Large(SpoolOptions options) => options.MaximumBytes = 64 << 20;

    private static async Task ChangeAsync(Pipeline pipeline, AgentConfiguration next)
    {
        using var patience = new CancellationTokenSource(Enough);
        await pipeline.Batcher.RetireAsync(next, patience.Token);
        await pipeline.Batcher.BeginAsync(next, patience.Token);
    }

    /// <summary>Writes as fast as the channel takes it, until it is told to stop.</summary>
    private sealed class Writer
    {
        private readonly Task _running;
        private volatile bool _isStopped;
        private long _written;

        public Writer(Func<long, ValueTask> write) => _running = Task.Run(async () =>
        {
            while (!_isStopped)
            {
                await write(_written);
                Volatile.Write(ref _written, _written + 1);
            }
        });

        public long Written => Volatile.Read(ref _written);

        public async Task<long> StopAsync()
        {
            _isStopped = true;
            await _running;
            return Written;
        }
    }

    /// <summary>All numbers and booleans of a lane, with name and unit of their series.</summary>
    private sealed class UnitSink : IBatchSink
    {
        private readonly Dictionary<(ulong, uint), SeriesDefinition> _definitions = [];
        private readonly List<(string Name, string Unit, double Value)> _values = [];

        public static List<(string Name, string Unit, double Value)> Read(SpoolQueue lane)
        {
            var sink = new UnitSink();
            var decoder = new BatchDecoder(new DecodeLimits());
            using SpoolReader reader = lane.OpenReader(1);
            while (reader.Read(out SpoolRecord record) == ReadResult.Record)
            {
                Assert.True(decoder.TryDecode(Protocol.V1.Record.Parser.ParseFrom(record.Payload.Span), sink, out DecodeError error), error.ToString());
            }
            return sink._values;
        }

        public void Define(ulong dictionary, SeriesDefinition definition) => _definitions[(dictionary, definition.Ref)] = definition.Clone();

        public void Numbers(
            ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
        {
            SeriesDefinition definition = _definitions[(dictionary, series)];
            foreach (double value in values)
            {
                _values.Add((definition.Name, definition.Unit, value));
            }
        }

        public void Booleans(
            ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
        {
            foreach (bool value in values)
            {
                _values.Add((_definitions[(dictionary, series)].Name, "", value ? 1 : 0));
            }
        }

        public void Texts(
            ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities) =>
            Assert.Fail("No texts were written.");
    }
}
