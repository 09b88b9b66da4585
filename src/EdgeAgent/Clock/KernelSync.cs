namespace EdgeAgent.Clock;

/// <summary>What the kernel says of its wall clock.</summary>
/// <param name="State">Whether somebody keeps it right.</param>
/// <param name="UncertaintyNanoseconds">Where it is synchronized: how far it may be off.</param>
internal readonly record struct KernelSync(KernelSyncState State, long UncertaintyNanoseconds = 0);

/// <inheritdoc cref="KernelSync"/>
internal enum KernelSyncState
{
    /// <summary>There is no answer: not Linux, or a sandbox that refuses the call.</summary>
    Unknown,

    /// <summary>Nobody has told the kernel the time, or not for so long that it may be off by 16 s.</summary>
    Unsynchronized,

    /// <summary>An NTP or PTP client, or a GPS receiver, keeps it right.</summary>
    Synchronized,
}
