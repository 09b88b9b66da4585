namespace EdgeAgent.Clock;

/// <summary>When the wall clock counts as right.</summary>
internal enum ClockTrust
{
    /// <summary>
    /// While the kernel says that it is synchronized, and it is past every time that is known to be over. Where the kernel says nothing, the
    /// latter alone has to do.
    /// </summary>
    Kernel,

    /// <summary>Always: for a machine whose clock is kept right by something that does not tell the kernel.</summary>
    Always,
}
