using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>An entry of the loss ledger.</summary>
/// <remarks>
/// From: First missing sequence that was not stored before.
/// To: Last missing sequence.
/// ReportedFrom: Where the device said that the gap begins; less than From where its beginning had arrived after all.
/// Readings: How many readings the device said it lost from ReportedFrom on; 0: it does not know.
/// </remarks>
internal readonly record struct ExplainedGap(ulong From, ulong To, ulong ReportedFrom, ulong Readings, LossCause Cause);

/// <summary>A record with times that were made before the device's clock was right.</summary>
/// <remarks>
/// BootId, BootTimeNanoseconds: Which clock since boot stood where when the wall clock showed BaseTimeUnixNanoseconds.
/// </remarks>
internal readonly record struct ProvisionalRecord(ulong Sequence, ByteString BootId, long BootTimeNanoseconds, long BaseTimeUnixNanoseconds);

/// <summary>
/// A contiguous piece of an upload session: what is stored together with the watermark's move from <see cref="After"/> to
/// <see cref="Through"/>, wholly or not at all.
/// </summary>
internal sealed class SourceChunk(SourceKey source, string agentVersion, WaitingReport waiting = default) : IDisposable
{
    public SourceKey Source { get; } = source;

    public string AgentVersion { get; } = agentVersion;

    /// <summary>What the device said of its lane when it opened the session.</summary>
    public WaitingReport Waiting { get; } = waiting;

    /// <summary>The watermark that this piece continues.</summary>
    public ulong After { get; private set; }

    /// <summary>The watermark once it is stored.</summary>
    public ulong Through { get; set; }

    public ReadingColumns Readings { get; } = new();

    public List<ExplainedGap> Gaps { get; } = [];

    /// <summary>The records whose times nobody could correct, in order.</summary>
    public List<ProvisionalRecord> Provisional { get; } = [];

    public int RecordsStored { get; set; }

    public int RecordsSkipped { get; set; }

    /// <summary>Bytes of the messages, as received.</summary>
    public long Bytes { get; set; }

    /// <summary>The service's clock when the piece was handed over, nanoseconds since 1970-01-01T00:00:00Z.</summary>
    public long ReceivedUnixNanoseconds { get; set; }

    /// <summary>Whether storing it would change anything.</summary>
    public bool HasContent => Through > After || RecordsSkipped > 0;

    /// <summary>Empties the piece for what follows the watermark.</summary>
    public void Begin(ulong after)
    {
        After = after;
        Through = after;
        Readings.Clear();
        Gaps.Clear();
        Provisional.Clear();
        RecordsStored = 0;
        RecordsSkipped = 0;
        Bytes = 0;
    }

    public void Dispose() => Readings.Dispose();
}
