using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Flash;
using EdgeAgent.Processing;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Batching;

/// <summary>A channel, a batcher and a real spool in a folder; what is in the spool is read with the real decoder.</summary>
internal sealed class Pipeline : IAsyncDisposable
{
    private readonly bool _ownsFolder;

    public Pipeline(
        TemporaryFolder? folder = null, TimeProvider? time = null, BatchOptions? options = null, Action<SpoolOptions>? spool = null, FlashOptions? flash = null,
        params ReportRule[] rules)
    {
        Catalog = new SeriesCatalog(rules: new ReportRules(rules));
        _ownsFolder = folder is null;
        Folder = folder ?? new TemporaryFolder();
        var spoolOptions = new SpoolOptions { Path = Folder["spool"], MaximumBytes = 4 << 20, SegmentBytes = 256 << 10, FreeSpaceFloor = 0 };
        spool?.Invoke(spoolOptions);
        Slot = new SpoolSlot(spoolOptions, TimeProvider.System, NullLogger<SpoolSlot>.Instance);
        Hearts = new Heartbeats(time ?? TimeProvider.System);
        Batcher = new Batcher(
            Channel, Catalog, options ?? new BatchOptions(), flash ?? new FlashOptions(), Slot, time ?? TimeProvider.System, Metrics, Hearts, NullLogger<Batcher>.Instance);
    }

    public TemporaryFolder Folder { get; }

    public ReadingChannel Channel { get; } = new();

    public SeriesCatalog Catalog { get; }

    public AgentMetrics Metrics { get; } = new();

    public SpoolSlot Slot { get; }

    public Batcher Batcher { get; }

    public Heartbeats Hearts { get; }

    public Acknowledgements Publisher { get; } = new();

    public async Task<Pipeline> StartAsync()
    {
        await Slot.StartAsync(CancellationToken.None);
        await Batcher.StartAsync(CancellationToken.None);
        return this;
    }

    /// <summary>Drains.</summary>
    public Task StopBatcherAsync() => Batcher.StopAsync(CancellationToken.None);

    public Series Series(string name, SpoolLane lane = SpoolLane.Live, SeriesKind kind = SeriesKind.Number)
    {
        Assert.True(Catalog.TryRegister(name, "", new Dictionary<string, string>(), kind, lane, out Series? series));
        return series;
    }

    public ValueTask WriteAsync(Series series, double value) => Channel.WriteAsync(Reading.OfNumber(series.Id, 0, value), CancellationToken.None);

    /// <summary>As a sensor that cannot wait.</summary>
    /// <returns>False where the reading is lost.</returns>
    public bool Poll(Series series, double value)
    {
        bool isTaken = Channel.WriteOrLose(Reading.OfNumber(series.Id, 0, value), series.Lane);
        Metrics.ReadingsDropped.Add(DropCause.ChannelFull, isTaken ? 0 : 1);
        return isTaken;
    }

    public ValueTask PublishAsync(Series series, double value, long token) =>
        Channel.WriteAsync(Reading.OfNumber(series.Id, 0, value).Settling(new Delivery(Publisher, token)), CancellationToken.None);

    /// <summary>All numbers and booleans that are committed in a lane, in order, with the names of their series.</summary>
    public static List<(string Series, double Value)> Read(Spool spool, SpoolLane lane)
    {
        var sink = new NumberSink();
        var decoder = new BatchDecoder(new DecodeLimits());
        using SpoolReader reader = spool[lane].OpenReader(1);
        while (reader.Read(out SpoolRecord record) == ReadResult.Record)
        {
            Protocol.V1.Record decoded = Protocol.V1.Record.Parser.ParseFrom(record.Payload.Span);
            Assert.Equal(record.Items, decoded.Readings);
            Assert.True(decoder.TryDecode(decoded, sink, out DecodeError error), error.ToString());
        }
        return sink.Numbers;
    }

    public Books Books(SpoolLane lane = SpoolLane.Live) => Batching.Books.Read(Slot.Current.Spool[lane]);

    public Task UntilAsync(BatcherState state) => Eventually.TrueAsync(
        () => Batcher.State == state, TimeSpan.FromSeconds(20), () => $"the batcher is {state}; it is {Batcher.State}", TimeSpan.FromMilliseconds(2));

    public List<(string Series, double Value)> Read(SpoolLane lane = SpoolLane.Live) => Read(Slot.Current.Spool, lane);

    public async ValueTask DisposeAsync()
    {
        await StopBatcherAsync();
        Batcher.Dispose();
        await Slot.DisposeAsync();
        Metrics.Dispose();
        if (_ownsFolder)
        {
            Folder.Dispose();
        }
    }

    private sealed class NumberSink : IBatchSink
    {
        private readonly Dictionary<(ulong, uint), string> _names = [];

        public List<(string Series, double Value)> Numbers { get; } = [];

        public void Define(ulong dictionary, SeriesDefinition definition)
        {
            // A definition never changes its meaning.
            Assert.Equal(definition.Name, _names.GetValueOrDefault((dictionary, definition.Ref), definition.Name));
            _names[(dictionary, definition.Ref)] = definition.Name;
        }

        void IBatchSink.Numbers(
            ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
        {
            foreach (double value in values)
            {
                Numbers.Add((_names[(dictionary, series)], value));
            }
        }

        public void Booleans(
            ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
        {
            foreach (bool value in values)
            {
                Numbers.Add((_names[(dictionary, series)], value ? 1 : 0));
            }
        }

        public void Texts(
            ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities) =>
            Assert.Fail("No texts were written.");
    }
}
