using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;

namespace EdgeAgent.Commands;

/// <summary>When the first and the last reading in a lane that are not released were taken. Two records are decoded for it.</summary>
/// <param name="Oldest">Nanoseconds since 1970; null where there is none.</param>
/// <param name="Newest">The same.</param>
internal readonly record struct SpoolTimes(long? Oldest, long? Newest)
{
    /// <summary>How much time the spool holds; null where there are not two times in order.</summary>
    public TimeSpan? Span => Newest - Oldest is { } nanoseconds and > 0 ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : null;

    public static SpoolTimes Read(SpoolView view, SpoolLane lane)
    {
        using SpoolViewReader reader = view.OpenReader(lane);
        ViewReadResult result;
        while ((result = reader.Read(out SpoolRecord record)) != ViewReadResult.End)
        {
            if (result == ViewReadResult.Record && TimesOf(view, lane, record) is { } first)
            {
                return new SpoolTimes(first.Oldest, ReadNewest(view, lane) ?? first.Newest);
            }
        }
        return default;
    }

    private static long? ReadNewest(SpoolView view, SpoolLane lane)
    {
        IReadOnlyList<SpoolSegment> segments = view.SegmentsOf(lane);
        long? newest = null;
        // The newest segment may have begun a moment ago.
        for (int i = segments.Count - 1; i >= 0 && newest is null; i--)
        {
            using LookBack back = view.LookBack(lane, segments[i].First);
            while (back.TryRead(out SpoolRecord record))
            {
                newest = TimesOf(view, lane, record)?.Newest ?? newest;
            }
        }
        return newest;
    }

    private static SpoolTimes? TimesOf(SpoolView view, SpoolLane lane, in SpoolRecord record)
    {
        long oldest = long.MaxValue;
        long newest = long.MinValue;
        var readings = new SpooledReadings(reading =>
        {
            oldest = Math.Min(oldest, reading.UnixNanoseconds);
            newest = Math.Max(newest, reading.UnixNanoseconds);
        }, SpooledClocks.Read(view.Path));
        return readings.TryRead(lane, record, out _) && oldest <= newest ? new SpoolTimes(oldest, newest) : null;
    }
}
