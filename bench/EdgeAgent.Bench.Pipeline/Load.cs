using System.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Bench.Pipeline;

/// <summary>Puts readings into the channel, and returns when all of them are taken over or, where somebody waits for them, durable.</summary>
internal sealed record Load(int Readings, bool Waits, Func<ReadingChannel, SeriesCatalog, int, Task> RunAsync);

internal static class Loads
{
    private const int SeriesCount = 100;

    /// <summary>100 sensors that are read in turn, as fast as the channel takes it.</summary>
    public static Load Polled(int readings) => new(readings, false, async (channel, catalog, count) =>
    {
        SeriesId[] series = Register(catalog);
        for (int i = 0; i < count; i++)
        {
            Reading reading = Value(series, i);
            if (!channel.TryWrite(reading))
            {
                await channel.WriteAsync(reading, CancellationToken.None);
            }
        }
    });

    /// <summary>Messages of one reading each, of which never more than a number are unacknowledged.</summary>
    /// <param name="readings">How many.</param>
    /// <param name="inFlight">How many may be unacknowledged.</param>
    /// <param name="isMarked">They come from a broker, so that the records name them.</param>
    public static Load Published(int readings, int inFlight, bool isMarked = false) => new(readings, true, async (channel, catalog, count) =>
    {
        SeriesId[] series = Register(catalog);
        using var window = new Window(inFlight);
        for (int i = 0; i < count; i++)
        {
            await window.EnterAsync();
            Reading reading = Value(series, i).Settling(new Delivery(window, i));
            if (isMarked)
            {
                reading = reading.Marked(new DeliveryMark(1, (ushort)((i % ushort.MaxValue) + 1)));
            }
            if (!channel.TryWrite(reading))
            {
                await channel.WriteAsync(reading, CancellationToken.None);
            }
        }
        await window.DrainAsync();
    });

    /// <summary>Messages that come at their own pace.</summary>
    public static Load Paced(int readings, int perSecond) => new(readings, true, async (channel, catalog, count) =>
    {
        SeriesId[] series = Register(catalog);
        using var window = new Window(int.MaxValue);
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < count;)
        {
            long due = Math.Min(count, (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond));
            for (; i < due; i++)
            {
                await window.EnterAsync();
                await channel.WriteAsync(Value(series, i).Settling(new Delivery(window, i)), CancellationToken.None);
            }
            await Task.Delay(1);
        }
        await window.DrainAsync();
    });

    private static Reading Value(SeriesId[] series, int i) => Reading.OfNumber(
        series[i % SeriesCount], 1_790_000_000_000_000_000 + (i / SeriesCount * 1_000_000_000L), 20 + (i * 7919 % 100 / 100.0));

    private static SeriesId[] Register(SeriesCatalog catalog) => [.. Enumerable.Range(0, SeriesCount).Select(i =>
        catalog.TryRegister($"plant/machine-{i}/temperature", "Cel", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out Series? series)
            ? series.Id
            : throw new InvalidOperationException("The catalog is full."))];
}
