using System.Globalization;
using EdgeAgent.Samples.Telemetry;

namespace EdgeAgent.Bench.Wire;

/// <summary>One reading of the reference telemetry. The text is as the file writes it, for JSON.</summary>
internal readonly record struct Sample(int Series, long UnixNanoseconds, double Value, string Text);

/// <summary>How readings are put together, which decides most of what they cost.</summary>
internal static class Batching
{
    private const int MinutesPerHour = 60;

    public static IReadOnlyList<(string Name, Func<IReadOnlyList<OfficeRoomRow>, IEnumerable<Sample[]>> Cut)> Kinds { get; } =
    [
        ("an hour", rows => rows.Chunk(MinutesPerHour).Select(Samples)),
        ("a minute", rows => rows.Select(row => Samples([row]))),
        ("a single reading", rows => rows.SelectMany(row => Samples([row])).Select(sample => new[] { sample })),
    ];

    private static Sample[] Samples(OfficeRoomRow[] rows) =>
        [.. rows.SelectMany(row => row.Values.Select((text, series) => new Sample(
            series, (row.TimeUtc - DateTime.UnixEpoch).Ticks * 100, double.Parse(text, CultureInfo.InvariantCulture), text)))];
}
