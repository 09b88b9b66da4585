using System.Globalization;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>What becomes of a rollout by itself.</summary>
internal enum RolloutStep
{
    /// <summary>Nothing for now.</summary>
    Stay,

    /// <summary>Too many gave the version up.</summary>
    Stop,

    /// <summary>The stage is proven: wait before the next one.</summary>
    Soak,

    /// <summary>The next stage begins.</summary>
    Advance,

    /// <summary>The last stage is proven.</summary>
    Finish,
}

/// <summary>
/// Decides by what is known, and does nothing: any instance may ask, and all come to the same answer.
/// </summary>
/// <remarks>
/// A stage is proven when every device that the version was sent to has answered, and half of those that the stage has added have applied it. A device that
/// was never reached cannot have been harmed and need not be waited for, but a stage that reached few has shown little. One that got the version and says
/// nothing more may be what the stage is there to find out, so it is waited for, also where it got it while the stage soaked; a person may go on without it.
/// </remarks>
internal static class RolloutRules
{
    /// <summary>One device alone proves nothing about a fleet, unless it is all there is.</summary>
    private const int LeastAnswers = 2;

    public static RolloutStep Next(Rollout rollout, RolloutTally tally, DateTimeOffset now) => rollout.State switch
    {
        RolloutState.Sending => InSending(rollout, tally),
        RolloutState.Soaking => InSoaking(rollout, tally, now),
        _ => RolloutStep.Stay,
    };

    /// <summary>When time alone moves it on; null: it does not.</summary>
    public static DateTimeOffset? Due(Rollout rollout) => rollout.State == RolloutState.Soaking && rollout.Soak > TimeSpan.Zero
        ? DateTimeOffset.UnixEpoch.AddTicks(rollout.Entered / TimeSpan.NanosecondsPerTick) + rollout.Soak
        : null;

    /// <summary>Why it stops, for people.</summary>
    public static string StopReason(Rollout rollout, RolloutTally tally) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tally.GivenUp} of {tally.Answered} devices that answered have rejected or reverted it; the limit is {rollout.StopAt:P0}.");

    private static RolloutStep InSending(Rollout rollout, RolloutTally tally)
    {
        if (IsTooBad(rollout, tally))
        {
            return RolloutStep.Stop;
        }
        bool isProven = tally.Applied > 0 && tally.Answered >= tally.Reached && tally.AddedApplied * 2 >= tally.Added;
        return !isProven ? RolloutStep.Stay : rollout.IsInLastStage ? RolloutStep.Finish : RolloutStep.Soak;
    }

    private static RolloutStep InSoaking(Rollout rollout, RolloutTally tally, DateTimeOffset now) =>
        IsTooBad(rollout, tally) ? RolloutStep.Stop
        : Due(rollout) <= now && tally.Answered >= tally.Reached ? RolloutStep.Advance : RolloutStep.Stay;

    private static bool IsTooBad(Rollout rollout, RolloutTally tally)
    {
        long givenUp = tally.GivenUp - rollout.Forgiven;
        long answered = tally.Answered - rollout.Forgiven;
        return givenUp > 0 && answered >= Math.Min(LeastAnswers, tally.Devices) && givenUp > rollout.StopAt * answered;
    }
}
