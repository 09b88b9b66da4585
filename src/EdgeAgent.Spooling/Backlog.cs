namespace EdgeAgent.Spooling;

/// <summary>
/// What lies between Released and the tail, told from the ends of segments: no record is read for it. Called under the gate.
/// </summary>
internal static class Backlog
{
    /// <summary>Payload bytes of the lane that are not released.</summary>
    public static long Bytes(SegmentLog log)
    {
        long bytes = 0;
        for (int i = log.SegmentCount - 1; i >= 0 && Last(log, i) > log.Released; i--)
        {
            bytes += BytesIn(log, i);
        }
        return bytes;
    }

    /// <summary>Payload bytes of one segment that are not released, in proportion to the sequence.</summary>
    public static long BytesIn(SegmentLog log, int index)
    {
        Segment segment = log.Segments[index];
        ulong last = Last(log, index);
        if (last <= log.Released || last < segment.First)
        {
            return 0;
        }
        bool grows = index == log.SegmentCount - 1 && segment.Level == 0;
        ulong bytes = grows ? log.TailPosition.Bytes - Math.Min(segment.BytesBefore, log.TailPosition.Bytes) : segment.PayloadBytes;
        ulong released = log.Released < segment.First ? 0 : log.Released + 1 - segment.First;
        return (long)(bytes * (1 - ((double)released / (last + 1 - segment.First))));
    }

    /// <summary>The time stamp at which the oldest unreleased record was appended, in proportion within its segment.</summary>
    public static long? OldestAppended(SegmentLog log)
    {
        ulong oldest = log.Released + 1;
        if (oldest > log.Tail || log.SegmentCount == 0)
        {
            return null;
        }
        Segment segment = log.Segments[Math.Max(0, log.IndexOf(oldest))];
        ulong first = Math.Max(oldest, segment.First) - segment.First;
        ulong records = Math.Min(segment.Last, log.Tail) + 1 - segment.First;
        double share = (double)first / records;
        return segment.FirstAppended + (long)(share * (segment.LastAppended - segment.FirstAppended));
    }

    private static ulong Last(SegmentLog log, int index) =>
        index == log.SegmentCount - 1 ? log.Tail : log.Segments[index].Last;
}
