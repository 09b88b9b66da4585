using System.Globalization;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Bench.Codec;

public enum TelemetryKind
{
    /// <summary>tests/data/office-room.csv, six series a minute, in hourly batches.</summary>
    OfficeHours,

    /// <summary>100 series of mixed kinds, 200 readings each, in one batch.</summary>
    Synthetic,
}

/// <summary>The readings that are encoded, and how many go into a batch.</summary>
internal sealed class Telemetry : ISeriesDefinitions
{
    public const int Readings = 20_000;

    private const long Second = 1_000_000_000;

    private Telemetry(Sample[] samples, int batchSize)
    {
        Samples = samples;
        BatchSize = batchSize;
    }

    public Sample[] Samples { get; }

    public int BatchSize { get; }

    public SeriesDefinition this[uint reference] =>
        new() { Ref = reference, Name = $"bench/{reference}", Kind = Array.Find(Samples, sample => sample.Series == reference).Kind };

    public IEnumerable<ArraySegment<Sample>> Batches
    {
        get
        {
            for (int start = 0; start < Samples.Length; start += BatchSize)
            {
                yield return new ArraySegment<Sample>(Samples, start, Math.Min(BatchSize, Samples.Length - start));
            }
        }
    }

    public static Telemetry Create(TelemetryKind kind) =>
        kind == TelemetryKind.OfficeHours ? new Telemetry([.. Office().Take(Readings)], 360) : new Telemetry([.. Synthetic()], Readings);

    private static IEnumerable<Sample> Office()
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "office-room.csv")).Skip(1))
        {
            string[] fields = line.Split(',');
            DateTime time = DateTime.ParseExact(
                fields[1].Trim('"'), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
            for (uint series = 1; series <= 6; series++)
            {
                yield return new Sample(
                    series, series == 6 ? SeriesKind.Boolean : SeriesKind.Number, (time - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
                    double.Parse(fields[series + 1], CultureInfo.InvariantCulture), null);
            }
        }
    }

    /// <summary>Of ten series: six walk in hundredths, two are noise of full precision, one is a boolean, one a text.</summary>
    private static IEnumerable<Sample> Synthetic()
    {
        var random = new Random(1);
        double[] walks = [.. Enumerable.Range(0, 100).Select(series => 20.0 + series)];
        for (int i = 0; i < 200; i++)
        {
            for (uint series = 1; series <= 100; series++)
            {
                long time = (1_700_000_000 + i) * Second;
                double walk = walks[series - 1] = Math.Round(walks[series - 1] + (random.Next(-5, 6) / 100.0), 2);
                yield return (series % 10) switch
                {
                    < 6 => new Sample(series, SeriesKind.Number, time, walk, null),
                    < 8 => new Sample(series, SeriesKind.Number, time, random.NextDouble(), null),
                    8 => new Sample(series, SeriesKind.Boolean, time, random.Next(50) == 0 ? 1 : 0, null),
                    _ => new Sample(series, SeriesKind.Text, time, 0, random.Next(50) == 0 ? "fault" : "running"),
                };
            }
        }
    }
}
