namespace EdgeAgent.Spooling;

/// <summary>
/// What lies between Released and the tail, told from the ends of segments: no record is read for it. Called under the gate.
/// </summary>
internal static class Backlog
{
    /// <summary>Payload bytes of the lane through a sequence, in proportion within its segment.</summary>
    public static ulong BytesThrough(SegmentLog log, ulong sequence)
    {
        if (sequence >= log.Tail)
        {
            return log.TailPosition.Bytes;
        }
        int index = log.IndexOf(sequence + 1);
        if (index < 0)
        {
            return log.SegmentCount > 0 ? log.Segments[0].BytesBefore : log.TailPosition.Bytes;
        }
        Segment segment = log.Segments[index];
        bool newest = index == log.SegmentCount - 1;
        ulong end = newest ? log.TailPosition.Bytes : log.Segments[index + 1].BytesBefore;
        ulong last = newest ? log.Tail : segment.Last;
        double share = (double)(sequence + 1 - segment.First) / (last + 1 - segment.First);
        return segment.BytesBefore + (ulong)(share * (end - Math.Min(end, segment.BytesBefore)));
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
}
