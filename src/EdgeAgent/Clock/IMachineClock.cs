namespace EdgeAgent.Clock;

/// <summary>The clocks of the machine, as they are.</summary>
internal interface IMachineClock
{
    /// <summary>Tells one run of <see cref="BootNanoseconds"/> from another.</summary>
    Guid BootId { get; }

    /// <summary>Since the machine started, suspended time included. Nobody sets it.</summary>
    long BootNanoseconds { get; }

    /// <summary>Since 1970-01-01T00:00:00Z, as the wall clock shows it, right or wrong.</summary>
    long WallNanoseconds { get; }

    /// <summary>What is said about the wall clock.</summary>
    KernelSync Sync { get; }
}
