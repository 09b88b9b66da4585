using System.Globalization;
using EdgeAgent.Protocol.V1;
using Xunit.Abstractions;

namespace EdgeAgent.Tests.Thinning;

/// <summary>What thinning is for. The rows of a real room's six sensors, played back at one row a second and recorded in batches of a minute.</summary>
public sealed class ThinningSizeTests(ITestOutputHelper output)
{
    private static readonly string[] Names =
        ["office/temperature", "office/humidity", "office/light", "office/co2", "office/humidity-ratio", "office/occupancy"];

    [Fact]
    public void Readings_once_a_second_take_an_eighth_of_their_bytes_as_minutes_and_far_less_as_quarters_of_an_hour()
    {
        List<byte[]> raw = Record(secondsFromRowToRow: 1);
        ThinnedRecords minutes = RecordedRun.Thin(1, raw);
        ThinnedRecords quarters = RecordedRun.Thin(2, minutes.Records);

        (long before, long first, long second) = (Bytes(raw), Bytes(minutes.Records), Bytes(quarters.Records));
        output.WriteLine($"{before} bytes; minutes {first}, {(double)before / first:F1} times less; quarters of an hour {second}, {(double)before / second:F1} times less");
        Assert.InRange((double)before / first, 8, 100);
        Assert.InRange((double)first / second, 5, 100);
    }

    [Fact]
    public void Readings_once_a_minute_gain_nothing_from_minutes_and_half_from_quarters_of_an_hour()
    {
        List<byte[]> raw = Record(secondsFromRowToRow: 60);
        ThinnedRecords quarters = RecordedRun.Thin(2, raw);
        (long before, long after) = (Bytes(raw), Bytes(quarters.Records));
        output.WriteLine($"{before} bytes; quarters of an hour {after}, {(double)before / after:F1} times less");
        Assert.InRange((double)before / after, 2, 100);
    }

    private static long Bytes(IEnumerable<byte[]> records) => records.Sum(record => (long)record.Length);

    private static List<byte[]> Record(int secondsFromRowToRow)
    {
        var batch = new TestBatch();
        var records = new List<byte[]>();
        int row = 0;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "office-room.csv")).Skip(1))
        {
            string[] fields = line.Split(',');
            long time = 1_767_225_600_000_000_000 + TestBatch.Seconds(row * secondsFromRowToRow);
            for (int i = 0; i < Names.Length; i++)
            {
                double value = double.Parse(fields[i + 2], CultureInfo.InvariantCulture);
                batch.Add(Names[i], i == 5 ? SeriesKind.Boolean : SeriesKind.Number, time, value, null, Quality.Good);
            }
            if (++row % 60 == 0)
            {
                records.Add(batch.Close());
            }
        }
        records.Add(batch.Close());
        return records;
    }
}
