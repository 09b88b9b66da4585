using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.Kernel;

/// <summary>One attempt at a device, as its series would see it.</summary>
internal static class DeviceMeasuring
{
    public static KernelDevice Of(IChannelFinder finder) => new(finder, NullLogger.Instance);

    /// <summary>Measures; meets the device first where that has not been.</summary>
    public static Dictionary<string, Measured> Measure(this IBlockingDevice device)
    {
        if (device.Quantities.Count == 0)
        {
            device.Measure([]);
        }
        var values = new Measured[device.Quantities.Count];
        device.Measure(values);
        return device.Quantities.Zip(values).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    public static void AssertGood(this Dictionary<string, Measured> values, string name, double expected)
    {
        Assert.Equal(Quality.Good, values[name].Quality);
        Assert.Equal(expected, values[name].Value, 9);
    }
}
