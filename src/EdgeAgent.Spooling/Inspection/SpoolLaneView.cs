namespace EdgeAgent.Spooling.Inspection;

/// <summary>One lane as it was found.</summary>
public sealed record SpoolLaneView
{
    /// <summary>Which.</summary>
    public required SpoolLane Lane { get; init; }

    /// <summary>The cloud has everything through this sequence, or knows that it is lost. On disk it may lag by a segment.</summary>
    public required ulong Released { get; init; }

    /// <summary>The last sequence that was given, as far as it is on disk.</summary>
    public required ulong Committed { get; init; }

    /// <summary>Segment files, those included whose last receipt has just come.</summary>
    public required int Segments { get; init; }

    /// <summary>Bytes of those files.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Payload bytes that are not released. Exact at the ends of segments, in proportion to the sequence between them.</summary>
    public required long BacklogBytes { get; init; }

    /// <summary>Readings that are not released and not written down as lost.</summary>
    public required ulong Readings { get; init; }

    /// <summary>Readings that ever went into the lane.</summary>
    public required ulong ReadingsThrough { get; init; }

    /// <summary>Payload bytes that ever went into the lane.</summary>
    public required ulong BytesThrough { get; init; }

    /// <summary>What is written down as lost and the cloud has not been told of yet, in order.</summary>
    public required IReadOnlyList<SpoolGap> Losses { get; init; }

    /// <summary>Whether there is anything to deliver, a loss counted.</summary>
    public bool IsEmpty => Released == Committed;
}
