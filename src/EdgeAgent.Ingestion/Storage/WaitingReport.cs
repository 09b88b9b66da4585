using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>What waits on a device in one lane, as it says itself when it opens a session.</summary>
/// <param name="Bytes">Payload bytes that the service does not have.</param>
/// <param name="OldestAgeMilliseconds">How long the oldest of them has waited.</param>
/// <param name="LastSequence">The last sequence of them; 0: not told.</param>
/// <param name="DrainedInMilliseconds">When the device expects to have sent all of it; 0: it does not know.</param>
internal readonly record struct WaitingReport(long Bytes, long OldestAgeMilliseconds, long LastSequence, long DrainedInMilliseconds)
{
    /// <summary>Devices of before the backlog, and files that were carried here, say nothing.</summary>
    public bool IsTold => Bytes > 0 || LastSequence > 0;

    public static WaitingReport Of(SessionOpen open) => new(
        Cut(open.BacklogBytes), Cut(open.OldestAgeMilliseconds), Cut(open.LastSequence), Cut(open.DrainedInMilliseconds));

    /// <summary>Once the watermark is there, what was told of waits no more.</summary>
    public bool IsOver(ulong durableThrough) => LastSequence > 0 && durableThrough >= (ulong)LastSequence;

    /// <summary>A device may say anything; the database has 63 bits.</summary>
    private static long Cut(ulong value) => (long)Math.Min(value, long.MaxValue);
}
