namespace EdgeAgent.Ingestion.Configs;

/// <summary>Where a rollout is. The newest of a layer decides which version a device gets.</summary>
internal enum RolloutState
{
    /// <summary>The devices of the stage get the version and answer; all others keep the one before.</summary>
    Sending,

    /// <summary>The stage is proven. The next one begins after the time that was set, or by hand.</summary>
    Soaking,

    /// <summary>The version is for every device of the layer, those to come too.</summary>
    Finished,

    /// <summary>Too many gave it up, or somebody stopped it: who got it keeps it, and nobody else gets it. It may be continued or withdrawn.</summary>
    Stopped,

    /// <summary>The layer went back to what it was, by a version of its own.</summary>
    Withdrawn,

    /// <summary>A newer version of the layer took its place.</summary>
    Superseded,
}

/// <summary>How one version of a layer reaches the layer's devices.</summary>
/// <param name="Number">Ascending from 1.</param>
/// <param name="Layer">What is changed.</param>
/// <param name="Version">To this.</param>
/// <param name="Base">From this: what devices keep that it has not reached. 0: the layer was empty.</param>
/// <param name="Stages">How many devices each stage is for, those of the earlier ones counted.</param>
/// <param name="Stage">The one that it is in, from 0.</param>
/// <param name="Soak">How long after a stage is proven the next one begins. Zero: by hand.</param>
/// <param name="StopAt">The part of those that answered, 0 to 1, beyond which it stops when they have rejected or reverted.</param>
/// <param name="Forgiven">Of these, how many were known when somebody continued it nevertheless: they count no more.</param>
/// <param name="State">See there.</param>
/// <param name="Reason">Why it is in a state that nobody expects; for people.</param>
/// <param name="Author">Who pushed it.</param>
/// <param name="Started">When, in nanoseconds since 1970.</param>
/// <param name="Entered">When it came into this stage and state.</param>
internal sealed record Rollout(
    long Number, Layer Layer, long Version, long Base, IReadOnlyList<RolloutStage> Stages, int Stage, TimeSpan Soak, double StopAt, long Forgiven,
    RolloutState State, string Reason, string Author, long Started, long Entered)
{
    /// <summary>Whether time and answers may move it on.</summary>
    public bool IsMoving => State is RolloutState.Sending or RolloutState.Soaking;

    /// <summary>Whether devices of the layer may differ in what they have.</summary>
    public bool IsPartial => IsMoving || State == RolloutState.Stopped;

    public bool IsInLastStage => Stage == Stages.Count - 1;
}

/// <summary>What those devices of a rollout have said that its stages so far are for.</summary>
/// <param name="Devices">How many they are.</param>
/// <param name="Reached">To whom the version was sent.</param>
/// <param name="Applied">Who has proven it.</param>
/// <param name="GivenUp">Who has rejected or reverted it.</param>
/// <param name="Added">How many of the devices this stage has added to those before.</param>
/// <param name="AddedApplied">How many of these have proven it.</param>
internal readonly record struct RolloutTally(long Devices, long Reached, long Applied, long GivenUp, long Added, long AddedApplied)
{
    public long Answered => Applied + GivenUp;
}
