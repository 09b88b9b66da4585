using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>
/// A device of one of the kernel's frameworks, through absence and return: looked for until it is found, read channel by channel, and
/// looked for anew when none of them answers any more.
/// </summary>
internal sealed partial class KernelDevice(IChannelFinder finder, ILogger logger) : IBlockingDevice
{
    private KernelChannel?[]? _channels;
    private bool _isAmbiguityTold;

    public string Description => finder.Description;

    /// <summary>Learnt when the device is met for the first time; it then keeps them, whatever comes back under its name.</summary>
    public IReadOnlyList<Quantity> Quantities { get; private set; } = [];

    public bool IsPresent => _channels is not null;

    public void Measure(Span<Measured> values)
    {
        values.Fill(Measured.None(Quality.NoResponse));
        if (_channels is null && !Find())
        {
            return;
        }
        KernelChannel?[] channels = _channels!;
        if (values.Length == 0)
        {
            return;
        }
        bool isAnyThere = false;
        for (int i = 0; i < values.Length; i++)
        {
            if (channels[i] is { } channel)
            {
                values[i] = channel.Read();
                isAnyThere |= values[i].Quality != Quality.NoResponse;
            }
        }
        if (!isAnyThere)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        foreach (KernelChannel? channel in _channels ?? [])
        {
            channel?.Dispose();
        }
        _channels = null;
    }

    private bool Find()
    {
        var found = new List<KernelChannel>();
        DeviceSearchOutcome outcome = finder.Find(found);
        if (outcome == DeviceSearchOutcome.Several && !_isAmbiguityTold)
        {
            Log.Several(logger, finder.Description);
        }
        _isAmbiguityTold = outcome == DeviceSearchOutcome.Several;
        if (outcome != DeviceSearchOutcome.Found || found.Count == 0)
        {
            return false;
        }
        if (Quantities.Count == 0)
        {
            Quantities = [.. found.Select(channel => channel.Quantity)];
        }
        // A channel that this device does not have any more gives no value; one that is new has no series.
        _channels = [.. Quantities.Select(quantity => found.Find(channel => channel.Quantity.Name == quantity.Name))];
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "There are several devices that could be {Description}, and none is read. Name one by its address in the configuration, such as \"1-0076\".")]
        public static partial void Several(ILogger logger, string description);
    }
}
