using EdgeAgent.Flash;
using EdgeAgent.Spooling;

namespace EdgeAgent.Doctor.Drills;

/// <summary>What a drill is told.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Folder">Where the sandbox is made.</param>
/// <param name="Length">How long there is load; of a power cut the rounds say it.</param>
/// <param name="Rounds">How often the power is cut.</param>
/// <param name="Durability">As the device's own spool has it.</param>
internal sealed record DrillPlan(DrillKind Kind, string Folder, TimeSpan Length, int Rounds, SpoolDurability Durability);

/// <summary>A rehearsal on the device itself: the real agent and the real spool code, in a sandbox, with messages whose numbers are known.</summary>
internal static class Drill
{
    /// <exception cref="IOException">It could not be done.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be done there.</exception>
    public static async Task<DrillReport> RunAsync(DrillPlan plan, DrillProgram program, TimeProvider time, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        using var sandbox = new DrillSandbox(plan.Folder, plan.Durability);
        DrillReport report = plan.Kind switch
        {
            DrillKind.Clock => await OfClockAsync(sandbox, plan, time, cancellationToken).ConfigureAwait(false),
            DrillKind.DiskFull => await OfDiskAsync(sandbox, program, plan, time, cancellationToken).ConfigureAwait(false),
            _ => await OfLivesAsync(sandbox, program, plan, time, cancellationToken).ConfigureAwait(false),
        };
        return report with { Took = time.GetElapsedTime(started) };
    }

    private static async Task<DrillReport> OfLivesAsync(DrillSandbox sandbox, DrillProgram program, DrillPlan plan, TimeProvider time, CancellationToken cancellationToken)
    {
        var rehearsal = new Rehearsal(sandbox, program, time);
        IReadOnlyList<string> notes = plan.Kind == DrillKind.PowerCut
            ? await PowerCutDrill.RunAsync(rehearsal, plan.Rounds, time, cancellationToken).ConfigureAwait(false)
            : await OutageDrill.RunAsync(rehearsal, plan.Length, time, cancellationToken).ConfigureAwait(false);
        // The life after the last kill is no round: it is there for recovery.
        int rounds = plan.Kind == DrillKind.PowerCut ? plan.Rounds : rehearsal.Lives;
        return Judge(plan.Kind, rounds, rehearsal.Acknowledged, FoundMessages.In(sandbox.SpoolFolder), rehearsal.BytesWritten, notes);
    }

    private static async Task<DrillReport> OfDiskAsync(DrillSandbox sandbox, DrillProgram program, DrillPlan plan, TimeProvider time, CancellationToken cancellationToken)
    {
        DrillReport? report = null;
        IReadOnlyList<string> notes = await DiskFullDrill.RunAsync(
            sandbox, program, plan.Length, time,
            rehearsal => report = Judge(plan.Kind, rehearsal.Lives, rehearsal.Acknowledged, FoundMessages.In(sandbox.SpoolFolder), rehearsal.BytesWritten, []),
            cancellationToken).ConfigureAwait(false);
        return report! with
        {
            Notes = report.Accounted > 0 ? notes : [.. notes, "Nothing had to give way in this time: the disk was not filled. Give it longer with --seconds."],
        };
    }

    private static async Task<DrillReport> OfClockAsync(DrillSandbox sandbox, DrillPlan plan, TimeProvider time, CancellationToken cancellationToken)
    {
        long? before = ProcessWrites.TryRead();
        IReadOnlyDictionary<int, (DateTimeOffset Sent, DateTimeOffset Acknowledged)> acknowledged =
            await ClockDrill.RunAsync(sandbox, plan.Length, time, cancellationToken).ConfigureAwait(false);
        FoundMessages found = FoundMessages.In(sandbox.SpoolFolder);
        string[] notes =
        [
            "The agent's wall clock showed 1970, jumped to 1980 and then became right; it was the drill's, and the machine's was not touched.",
            "Each reading's time, corrected by what the agent learnt, was compared with when it was sent and acknowledged.",
        ];
        return Judge(plan.Kind, 1, acknowledged.Keys.ToHashSet(), found, ProcessWrites.TryRead() - before, notes) with
        {
            WrongTimes = ClockDrill.CountWrong(acknowledged, found.Times),
        };
    }

    /// <summary>By number: what is acknowledged and not found is lost, unless the ledger accounts for it.</summary>
    public static DrillReport Judge(DrillKind kind, int lives, IReadOnlySet<int> acknowledged, FoundMessages found, long? bytesWritten, IReadOnlyList<string> notes)
    {
        int missing = acknowledged.Count(number => !found.Times.ContainsKey(number));
        return new DrillReport
        {
            Kind = kind,
            Rounds = lives,
            Acknowledged = acknowledged.Count,
            Lost = (int)Math.Max(0, missing - found.Accounted),
            Duplicated = found.Duplicated,
            Accounted = found.Accounted,
            BytesWritten = bytesWritten,
            Took = TimeSpan.Zero,
            Notes = notes,
        };
    }
}
