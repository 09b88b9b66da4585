namespace EdgeAgent.Sensors.Kernel;

/// <summary>How one of the kernel's frameworks lays out its devices.</summary>
internal interface IChannelFinder
{
    /// <summary>What is looked for, for the log.</summary>
    string Description { get; }

    /// <summary>Looks for the device and lists what of it is to be read. Opens no file for longer than that.</summary>
    /// <param name="channels">Takes the channels; each has another name.</param>
    DeviceSearchOutcome Find(List<KernelChannel> channels);
}
