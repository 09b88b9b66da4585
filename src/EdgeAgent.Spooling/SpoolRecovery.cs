using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Opening, in order: marks, the names and headers of segments, the spool's id, the ledger, each lane; then the marks of the new
/// owner, before anything is appended.
/// </summary>
internal static class SpoolRecovery
{
    public static (SpoolSpace Space, RecoveryReport Report) Run(ISpoolFiles files, SpoolOptions options, TimeProvider time, Guid bootId)
    {
        SpoolFormat.ThrowIfLater(files);
        MarkFile marks = MarkFile.Open(files, out Mark? mark);
        var spares = new SpareSegments(files, options.SegmentBytes);
        var found = new List<FoundSegment>();
        foreach (string name in files.List())
        {
            if (SegmentIdentity.TryParse(name, out SegmentIdentity identity))
            {
                var segment = new FoundSegment(name, identity, files.Open(name));
                segment.ReadHeader();
                found.Add(segment);
            }
            else if (SpareSegments.IsName(name))
            {
                spares.Adopt(name);
            }
        }
        Guid? knownId = mark?.SpoolId ?? found.Find(segment => segment.IsNamed)?.Header!.Value.Identity.SpoolId;
        Guid spoolId = knownId ?? Guid.NewGuid();
        LossLedger ledger = LossLedger.Open(files, spoolId);
        if (mark is not { ClosedCleanly: true })
        {
            ledger.Rewrite();
        }
        var quarantine = new Quarantine(files, options);
        var space = new SpoolSpace(files, options, spoolId, bootId, marks, ledger, spares, quarantine);
        bool mayHaveLostWrites = mark is not { ClosedCleanly: true } && mark?.BootId != bootId;
        long now = time.GetTimestamp();
        var lanes = new List<LaneRecovery>();
        SegmentLog Recover(SpoolLane lane)
        {
            var recovery = new LaneRecovery(lane, spoolId, options, mark?.Of(lane), ledger, spares, quarantine, now);
            lanes.Add(recovery);
            List<FoundSegment> ofLane = [.. found.Where(segment => segment.Identity.Lane == lane).OrderBy(segment => segment.First)];
            RecoveredLane recovered = recovery.Recover(ofLane, mayHaveLostWrites);
            HoldPolicy? hold = options.MayHold(lane) ? new HoldPolicy(options.OfflineWindow, time) : null;
            var log = new SegmentLog(lane, space, time, recovered.Mark, recovered.Segments, hold) { Found = recovered.Found };
            if (recovered.End is { } end)
            {
                if (mark is not { ClosedCleanly: true })
                {
                    FoundDurability.Rewrite(recovered.Segments[^1].File, end);
                }
                if (recovery.IsNewestRebuilt)
                {
                    FoundDurability.WriteHeader(recovered.Segments[^1], bootId);
                }
                if (!recovery.HasGivenUp)
                {
                    log.Resume(end);
                }
            }
            return log;
        }
        foreach (SpoolLane lane in Lanes.All)
        {
            space[lane] = Recover(lane);
        }
        if (mark is not { ClosedCleanly: true })
        {
            files.SyncDirectory();
        }
        // From here on no sequence up to the ends that were found is ever given again, whatever happens to the segments.
        space.SaveMarks(closing: false);
        foreach (SpoolLane lane in Lanes.All)
        {
            ledger.DropThrough(lane, space[lane].Released);
        }
        foreach (SpoolLane lane in Lanes.Thinned)
        {
            space[lane].ProtectOldest(options.MaximumInFlightBytes);
            ledger.ForgetTold(lane, space[lane].MayBeSent);
        }
        if (options.Thinner is { } thinner)
        {
            space.UseThinner(thinner);
        }
        space.Shrink();
        return (space, new RecoveryReport
        {
            Created = knownId is null,
            ClosedCleanly = mark is { ClosedCleanly: true },
            MarkLost = mark is null && knownId is not null,
            Segments = space.Logs.Sum(Unreleased),
            TornEnds = lanes.Count(lane => lane.Torn),
            CorruptRecords = lanes.Aggregate(0UL, (sum, lane) => sum + lane.CorruptRecords),
            MemoryLost = lanes.Any(lane => lane.IsMemoryLost),
            HeadersRebuilt = lanes.Sum(lane => lane.HeadersRebuilt),
            Quarantined = [.. lanes.SelectMany(lane => lane.Quarantined)],
        });
    }

    private static int Unreleased(SegmentLog log) =>
        log.Segments.Count(segment => Math.Min(segment.Last, log.Tail) > log.Released && segment.First <= log.Tail);
}
