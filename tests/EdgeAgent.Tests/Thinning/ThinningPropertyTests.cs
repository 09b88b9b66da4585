using EdgeAgent.Protocol.V1;
using Xunit.Abstractions;

namespace EdgeAgent.Tests.Thinning;

/// <summary>Whatever the readings: what is kept is what a list in memory says, and nothing is unaccounted for.</summary>
public sealed class ThinningPropertyTests(ITestOutputHelper output)
{
    private static readonly string[] Texts = ["on", "off", "fault"];

    [Fact]
    public void Aggregates_of_random_readings_are_those_computed_directly_at_both_levels_and_nothing_is_unaccounted_for()
    {
        int seeds = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1" ? 5_000 : 60;
        for (int seed = 1; seed <= seeds; seed++)
        {
            try
            {
                Check(seed);
            }
            catch
            {
                output.WriteLine($"seed {seed}");
                throw;
            }
        }
    }

    private static void Check(int seed)
    {
        var random = new Random(seed);
        List<Sample> samples = MakeSamples(random);
        var batch = new TestBatch();
        // The first record names every series; the others come in any order.
        List<Sample> naming = [.. samples.DistinctBy(sample => sample.Series)];
        byte[] first = Close(batch, naming);
        byte[][] later = [.. samples.Except(naming).Chunk(97).Select(chunk => Close(batch, chunk))];
        random.Shuffle(later);
        byte[][] records = [first, .. later];

        ThinnedRecords minutes = RecordedRun.Thin(1, records);
        Verify(samples, minutes, 60, "1m");
        ThinnedRecords quarters = RecordedRun.Thin(2, minutes.Records);
        Verify(samples, quarters, 900, "15m");
    }

    private static byte[] Close(TestBatch batch, IEnumerable<Sample> samples)
    {
        foreach (Sample sample in samples)
        {
            batch.Add(sample.Series, sample.Kind, sample.Time, sample.Number, sample.Text, sample.Quality);
        }
        return batch.Close();
    }

    private static void Verify(List<Sample> samples, ThinnedRecords thinned, int seconds, string word)
    {
        long length = TestBatch.Seconds(seconds);
        long represented = 0;
        foreach (IGrouping<string, Sample> series in samples.GroupBy(sample => sample.Series))
        {
            foreach (IGrouping<long, Sample> window in series.GroupBy(sample => (long)Math.Floor(sample.Time / (decimal)length) * length))
            {
                Sample[] good = [.. window.Where(sample => sample.HasValue)];
                int failed = window.Count() - good.Length;
                object? Of(string function) =>
                    thinned[$"{series.Key}:{function}:{word}"].SingleOrDefault(entry => entry.Time == window.Key).Value;
                if (Of("count") is not double count)
                {
                    Assert.Equal(
                        window.Select(sample => (sample.Time, sample.Value)).Order(),
                        thinned[series.Key].Where(entry => entry.Time >= window.Key && entry.Time - length < window.Key)
                            .Select(entry => (entry.Time, Value: $"{entry.Value} {entry.Quality}")).Order());
                    represented += window.Count();
                    continue;
                }
                represented += (long)count + failed;
                Assert.Equal(good.Length, count);
                Assert.Equal(failed == 0 ? null : (double)failed, Of("failed"));
                if (good.Length == 0)
                {
                    Assert.Null(Of("last"));
                    continue;
                }
                long latest = good.Max(sample => sample.Time);
                Assert.Contains(Of("last"), good.Where(sample => sample.Time >= latest - (seconds == 60 ? 0 : TestBatch.Seconds(60))).Select(sample => sample.Object));
                if (good[0].Kind == SeriesKind.Number)
                {
                    Assert.Equal(good.Min(sample => sample.Number), Of("min"));
                    Assert.Equal(good.Max(sample => sample.Number), Of("max"));
                }
                if (good[0].Kind != SeriesKind.Text)
                {
                    // Readings have two places, means three; where there are few it may be that each had only one. A share has four.
                    double rounding = good[0].Kind == SeriesKind.Boolean ? 0.00011 : good.Length > 12 ? 0.0011 : 0.006;
                    Assert.Equal(good.Average(sample => sample.Number), (double)Of("mean")!, rounding);
                }
            }
        }
        Assert.Equal(samples.Count, represented);
    }

    private static List<Sample> MakeSamples(Random random)
    {
        var samples = new List<Sample>();
        int seriesCount = random.Next(1, 6);
        for (int series = 0; series < seriesCount; series++)
        {
            var kind = (SeriesKind)random.Next(1, 4);
            string name = series == 0 ? "a/number" : $"{kind}/{series}";
            kind = series == 0 ? SeriesKind.Number : kind;
            double pace = series == 0 ? 1 : random.Next(3) switch { 0 => 1, 1 => 7, _ => 47 };
            long time = TestBatch.Seconds(random.Next(-100_000, 2_000_000_000));
            int count = series == 0 ? 4_000 : random.Next(1, 1_500);
            for (int i = 0; i < count; i++)
            {
                Quality quality = random.Next(10) > 0 ? Quality.Good : (Quality)random.Next(7);
                samples.Add(new Sample(
                    0, name, kind, time, kind == SeriesKind.Boolean ? random.Next(2) : random.Next(-5_000, 5_000) / 100.0,
                    kind == SeriesKind.Text ? Texts[random.Next(3)] : null, quality));
                time += TestBatch.Seconds(pace) + random.Next(-1_000, 1_000_000);
            }
        }
        Sample[] order = [.. samples];
        if (random.Next(2) == 0)
        {
            order = [.. order.OrderBy(sample => sample.Time)];
        }
        return [.. order.Select((sample, i) => sample with { Id = i })];
    }

    private sealed record Sample(int Id, string Series, SeriesKind Kind, long Time, double Number, string? Text, Quality Quality)
    {
        public bool HasValue => Quality < Quality.NoResponse;

        public object Object => Kind switch { SeriesKind.Number => Number, SeriesKind.Boolean => Number != 0, _ => Text! };

        public string Value => HasValue ? $"{Object} {Quality}" : $" {Quality}";
    }
}
