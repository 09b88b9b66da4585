using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>How far a device is with what it should run.</summary>
internal enum DeviceConfigState
{
    /// <summary>There is nothing for it: it runs its own file.</summary>
    OwnFile,

    /// <summary>It has never asked for a configuration.</summary>
    Unheard,

    /// <summary>It will be sent the revision when it asks next.</summary>
    Waiting,

    /// <summary>It was sent the revision and has not said anything.</summary>
    Sent,

    /// <summary>It runs it and has not proven it.</summary>
    OnTrial,

    /// <summary>It runs it.</summary>
    Applied,

    /// <summary>It found errors in it, and never ran it.</summary>
    Rejected,

    /// <summary>It ran it, gave it up, and runs what it ran before.</summary>
    Reverted,

    /// <summary>It has rejected or reverted the same bytes under an earlier number: it is not sent them.</summary>
    Refused,
}

/// <summary>Reads it from what is known.</summary>
internal static class DeviceConfigStates
{
    /// <param name="desired">The device.</param>
    /// <param name="report">What it said last about the revision that it should run.</param>
    public static DeviceConfigState Of(DesiredRevision desired, StoredReport? report) => report?.Outcome switch
    {
        _ when desired.Number == 0 => DeviceConfigState.OwnFile,
        ConfigOutcome.OnTrial => DeviceConfigState.OnTrial,
        ConfigOutcome.Applied => DeviceConfigState.Applied,
        ConfigOutcome.Rejected => DeviceConfigState.Rejected,
        ConfigOutcome.Reverted => DeviceConfigState.Reverted,
        _ when desired.IsRefused => DeviceConfigState.Refused,
        _ when desired.Hash.AsSpan().SequenceEqual(desired.HeldHash) => DeviceConfigState.Applied,
        _ when desired.SentNumber == desired.Number => DeviceConfigState.Sent,
        _ => desired.Watched == 0 ? DeviceConfigState.Unheard : DeviceConfigState.Waiting,
    };
}
