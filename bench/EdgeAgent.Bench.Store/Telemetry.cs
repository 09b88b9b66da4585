namespace EdgeAgent.Bench.Store;

/// <summary>The rows that every way of storing is given: devices with 20 series each, a reading a second, in records of 10,000.</summary>
internal static class Telemetry
{
    public const int Devices = 4;

    public const int Series = 20;

    public const int RecordReadings = 10_000;

    /// <summary>2026-01-01T00:00:00Z.</summary>
    private const long Start = 1_767_225_600_000_000_000;

    private const int PerSeries = RecordReadings / Series;

    /// <summary>Records of one device.</summary>
    public static int Records(int millions) => millions * 1_000_000 / Devices / RecordReadings;

    /// <summary>The times of a record, the same for each of its series.</summary>
    public static long[] Times(int record) => [.. Enumerable.Range(0, PerSeries).Select(i => Time(record, i))];

    public static double[] Values(int record, int series) => [.. Enumerable.Range(0, PerSeries).Select(i => Value(record, series, i))];

    public static long Time(int record, int reading) => Start + ((((long)record * PerSeries) + reading) * 1_000_000_000);

    public static double Value(int record, int series, int reading) => Math.Round(20 + series + Math.Sin((record * PerSeries) + reading), 2);
}
