namespace EdgeAgent.Sensors.Host;

/// <summary>What can be watched on the device itself.</summary>
internal enum HostSubject
{
    Cpu,
    Load,
    Memory,
    Disks,
    Network,
    Uptime,

    /// <summary>The agent's own process.</summary>
    Process,

    /// <summary>Under-voltage and throttling of a Raspberry Pi.</summary>
    Power,

    /// <summary>Bytes written to disks, and the wear of an eMMC.</summary>
    Flash,
}
