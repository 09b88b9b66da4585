namespace EdgeAgent.Uplink;

/// <summary>What the sessions that are open at one moment hold together.</summary>
/// <param name="Client">What the newest of them goes over; null where there is none.</param>
/// <param name="First">Where the oldest began.</param>
/// <param name="Last">The last sequence that was sent or explained; 0 where none was.</param>
/// <param name="Messages">Records and gaps.</param>
/// <param name="Bytes">Of all of them.</param>
/// <param name="LargestMessage">Bytes of the largest one.</param>
/// <param name="NewestFirst">Where the newest began.</param>
/// <param name="Opened">When the oldest began, as a timestamp of the monotonic clock.</param>
internal readonly record struct InFlight(
    IngestClient? Client, ulong First, ulong Last, int Messages, long Bytes, int LargestMessage, ulong NewestFirst, long Opened)
{
    public static InFlight Of(UploadSession? older, UploadSession? newer)
    {
        UploadSession? oldest = older ?? newer;
        UploadSession? newest = newer ?? older;
        return oldest is null || newest is null ? default : new InFlight(
            newest.Client,
            oldest.First,
            Math.Max(oldest.Last, newest.Last),
            oldest == newest ? oldest.Messages : oldest.Messages + newest.Messages,
            oldest == newest ? oldest.Bytes : oldest.Bytes + newest.Bytes,
            Math.Max(oldest.LargestMessage, newest.LargestMessage),
            newest.First,
            oldest.Opened);
    }

    public bool Covers(ulong sequence) => sequence >= First && sequence <= Last;
}
