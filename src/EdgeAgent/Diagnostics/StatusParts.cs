using EdgeAgent.Identity;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;

namespace EdgeAgent.Diagnostics;

/// <param name="Lane">Which.</param>
/// <param name="State">What its uploader does.</param>
/// <param name="Bytes">What the cloud does not have.</param>
/// <param name="Oldest">How long the oldest of that has waited, since the start at most.</param>
/// <param name="Released">The cloud has everything through this sequence.</param>
/// <param name="Committed">The spool has everything through this one.</param>
internal sealed record LaneStatus(SpoolLane Lane, UploadState State, long Bytes, TimeSpan Oldest, ulong Released, ulong Committed);

/// <summary>Readings since the start, by what became of them.</summary>
internal sealed record ReadingTotals(long Read, long Suppressed, long Batched, long Acknowledged, long Dropped, long Evicted, long Thinned);

/// <param name="Definition">What it is called.</param>
/// <param name="Expected">How often a reading is due; zero where nobody knows.</param>
/// <param name="Last">The newest one.</param>
internal sealed record SeriesStatus(Protocol.V1.SeriesDefinition Definition, TimeSpan Expected, Readings.LastReadingView Last);

/// <param name="Device">Who the device is; null where nobody has connected yet.</param>
/// <param name="Endpoint">Where the service is looked for now.</param>
/// <param name="Line">Whether it answers, and since when.</param>
internal sealed record ConnectionStatus(string? Device, Uri Endpoint, LineStanding Line);

/// <param name="Until">When it expires; null where there is none, or nobody has connected yet.</param>
/// <param name="Left">Until then; null where that or the time is not known.</param>
/// <param name="Renewal">Where the device is with it; null where others manage it.</param>
internal sealed record CertificateStatus(DateTimeOffset? Until, TimeSpan? Left, IdentityState? Renewal);

/// <param name="Folder">Where it is.</param>
/// <param name="MaximumBytes">What it may take.</param>
/// <param name="BytesOnDisk">What it takes; null where it is not open.</param>
/// <param name="FillPerSecond">Bytes of payload a second that are appended, of late; null while nothing is known.</param>
/// <param name="FullIn">When it is full if nothing is sent from now on; null where nobody knows, or nothing is appended.</param>
/// <param name="Obstacle">Why it cannot be opened; null where it is.</param>
internal sealed record BufferStatus(string Folder, long MaximumBytes, long? BytesOnDisk, double? FillPerSecond, TimeSpan? FullIn, string? Obstacle);

/// <param name="SpoolBytes">Bytes that the spool has handed to the file system since the start.</param>
/// <param name="PayloadBytes">What for: the batches.</param>
/// <param name="ProcessBytes">Bytes that the process caused to be sent to storage, as the kernel counts; null where it does not.</param>
/// <param name="BytesPerDay">The day's budget; null without one.</param>
/// <param name="LeftToday">What is left of it; negative where it was exceeded.</param>
/// <param name="WearPercent">Of the device's life that is used at most; null where it does not say.</param>
internal sealed record FlashStatus(long SpoolBytes, long PayloadBytes, long? ProcessBytes, long? BytesPerDay, long? LeftToday, int? WearPercent);

/// <param name="Name">What the names of its series begin with.</param>
/// <param name="Description">What it is and where.</param>
/// <param name="Interval">How often it is read.</param>
/// <param name="IsPresent">Whether the hardware is known to be there.</param>
/// <param name="Tally">What came of its attempts.</param>
internal sealed record SensorStatus(string Name, string Description, TimeSpan Interval, bool IsPresent, SensorTallyView Tally);

/// <param name="Running">What runs; 0 is the device's own file.</param>
/// <param name="Phase">What is being done about revisions.</param>
/// <param name="Trial">The one on trial; none outside of one.</param>
/// <param name="TrialLeft">How long it has left to prove itself.</param>
/// <param name="Last">What became of the last revision; null where there was none.</param>
internal sealed record ConfigurationStatus(RevisionHeader Running, RevisionPhase Phase, RevisionHeader Trial, TimeSpan? TrialLeft, RevisionEvent? Last)
{
    /// <summary>From what is remembered, and from the one who decides.</summary>
    public static ConfigurationStatus Of(RevisionState state, RevisionLoop loop) =>
        new(state.Running, loop.Phase, state.Trial, loop.TrialLeft, state.Events is [.., var last] ? last : null);
}

/// <summary>Readings that are lost, by cause. Those without readings are left out.</summary>
/// <param name="Dropped">Never got into the spool, since the start.</param>
/// <param name="InLedger">Were in it, or were counted by it, and the cloud has not confirmed to know of them.</param>
internal sealed record LossStatus(IReadOnlyDictionary<DropCause, long> Dropped, IReadOnlyDictionary<LossCause, ulong> InLedger);

/// <param name="Id">Of the process.</param>
/// <param name="MemoryBytes">Resident.</param>
/// <param name="HeapBytes">Of that the managed heap.</param>
/// <param name="HeapLimit">What the heap may grow to.</param>
/// <param name="Threads">How many; null where the kernel does not say.</param>
/// <param name="ProcessorTime">Used since the process started.</param>
internal sealed record ProcessStatus(int Id, long MemoryBytes, long HeapBytes, long HeapLimit, int? Threads, TimeSpan ProcessorTime);
