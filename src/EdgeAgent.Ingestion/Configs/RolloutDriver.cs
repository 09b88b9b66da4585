using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// Moves rollouts on by <see cref="RolloutRules"/>. Every instance has one; each step is decided again within its transaction, so that the second instance
/// finds it done.
/// </summary>
internal sealed partial class RolloutDriver(ControlDatabase control, TimeProvider time, ILogger<RolloutDriver> logger)
{
    /// <returns>When time alone will move one on; null: not at all.</returns>
    /// <exception cref="StoreUnavailableException">The rest of the rollouts wait for the next time.</exception>
    public DateTimeOffset? Step()
    {
        foreach (Rollout ready in control.Read(session => RolloutRows.Moving(session).FindAll(rollout => Next(session, rollout) != RolloutStep.Stay)))
        {
            try
            {
                control.Change(session => Step(session, ready.Number));
            }
            catch (ConfigRefusedException refused)
            {
                control.Change(session => Stop(session, RolloutRows.Get(session, ready.Number), refused.Message));
            }
        }
        return control.Read(RolloutRows.Moving).Select(RolloutRules.Due).Min();
    }

    private RolloutStep Next(ControlSession session, Rollout rollout) => RolloutRules.Next(rollout, RolloutRows.Tally(session, rollout), time.GetUtcNow());

    private void Step(ControlSession session, long number)
    {
        Rollout rollout = RolloutRows.Get(session, number);
        RolloutTally tally = RolloutRows.Tally(session, rollout);
        switch (RolloutRules.Next(rollout, tally, time.GetUtcNow()))
        {
            case RolloutStep.Stop:
                Stop(session, rollout, RolloutRules.StopReason(rollout, tally));
                break;
            case RolloutStep.Soak:
                Enter(session, rollout with { State = RolloutState.Soaking, Reason = "" });
                break;
            case RolloutStep.Advance:
                Enter(session, rollout with { State = RolloutState.Sending, Stage = rollout.Stage + 1, Reason = "" });
                break;
            case RolloutStep.Finish:
                Enter(session, rollout with { State = RolloutState.Finished, Reason = "" });
                break;
            default:
                // Another instance was here before.
                break;
        }
    }

    private void Stop(ControlSession session, Rollout rollout, string reason)
    {
        Enter(session, rollout with { State = RolloutState.Stopped, Reason = reason });
        Log.Stopped(logger, rollout.Number, rollout.Layer, reason);
    }

    private void Enter(ControlSession session, Rollout rollout)
    {
        long now = time.GetUtcNow().ToUnixNanoseconds();
        RolloutRows.Move(session, rollout with { Entered = now });
        var making = new RevisionMaking(session, now);
        foreach (string device in DeviceRows.In(session, rollout.Layer))
        {
            making.Make(device);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Rollout {Number} of {Layer} was stopped: {Reason} The devices that it has not reached keep what they have.")]
        public static partial void Stopped(ILogger logger, long number, Layer layer, string reason);
    }
}
