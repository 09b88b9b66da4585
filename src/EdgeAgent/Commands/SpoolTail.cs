using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;

namespace EdgeAgent.Commands;

/// <summary>The newest readings of all lanes, by their times. A live spool is looked at anew each time.</summary>
internal sealed class SpoolTail(string path)
{
    private readonly Dictionary<SpoolLane, ulong> _shown = [];

    /// <summary>The newest readings, the oldest of them first.</summary>
    public IReadOnlyList<SpooledReading> Newest(int count)
    {
        using SpoolView view = SpoolView.Open(path);
        var newest = new PriorityQueue<SpooledReading, long>();
        foreach (SpoolLane lane in SpoolLanes.All)
        {
            Read(view, lane, FirstOf(view, lane, count), reading =>
            {
                newest.Enqueue(reading, reading.UnixNanoseconds);
                if (newest.Count > count)
                {
                    newest.Dequeue();
                }
            });
            _shown[lane] = view[lane].Committed;
        }
        return InOrder(newest.UnorderedItems.Select(static item => item.Element));
    }

    /// <summary>What has come since the last call.</summary>
    public IReadOnlyList<SpooledReading> Added()
    {
        using SpoolView view = SpoolView.Open(path);
        var added = new List<SpooledReading>();
        foreach (SpoolLane lane in SpoolLanes.All)
        {
            ulong shown = _shown[lane];
            if (view[lane].Committed > shown)
            {
                // From the start of its segment on, since the series are named there.
                ulong first = view.SegmentsOf(lane).LastOrDefault(segment => segment.First <= shown + 1).First;
                Read(view, lane, Math.Max(1, first), reading =>
                {
                    if (reading.Sequence > shown)
                    {
                        added.Add(reading);
                    }
                });
                _shown[lane] = view[lane].Committed;
            }
        }
        return InOrder(added);
    }

    private static IReadOnlyList<SpooledReading> InOrder(IEnumerable<SpooledReading> readings) =>
        [.. readings.OrderBy(static reading => reading.UnixNanoseconds).ThenBy(static reading => reading.Sequence)];

    /// <summary>The segment from which on there are as many readings, by the running totals of the segments.</summary>
    private static ulong FirstOf(SpoolView view, SpoolLane lane, int count)
    {
        ulong first = 0;
        foreach (SpoolSegment segment in view.SegmentsOf(lane))
        {
            if (first > 0 && segment.ItemsBefore + (ulong)count > view[lane].ReadingsThrough)
            {
                break;
            }
            first = segment.First;
        }
        return Math.Max(1, first);
    }

    private void Read(SpoolView view, SpoolLane lane, ulong first, Action<SpooledReading> take)
    {
        var readings = new SpooledReadings(take, SpooledClocks.Read(path));
        using LookBack back = view.LookBack(lane, first);
        while (back.TryRead(out SpoolRecord record))
        {
            // What cannot be decoded is for `verify` to name.
            _ = readings.TryRead(lane, record, out _);
        }
    }
}
