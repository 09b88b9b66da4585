using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.RemoteConfig;

/// <summary>A sensor that is read at a rate, and where the configuration names it.</summary>
internal sealed record PolledSensor(string Pointer, string Series, TimeSpan Interval);

/// <summary>The sensors of a configuration that can be asked whether they are there.</summary>
internal static class PolledSensors
{
    private static readonly string[] Sections = ["i2c", "iio", "hwmon", "onewire", "thermal"];

    public static IReadOnlyList<PolledSensor> Of(AgentConfiguration configuration) =>
    [
        .. configuration.I2cBuses.SelectMany(static (bus, i) => bus.Sensors.Select((sensor, j) => Sensor($"/i2c/{i}/sensors/{j}", sensor.Sampling))),
        // Captures stand in the same list: an index among the polled ones alone would lead to another entry.
        .. configuration.Kernel.Iio.Select(static sensor => Sensor("/iio", sensor.Sampling)),
        .. Of("hwmon", configuration.Kernel.Hwmon), .. Of("onewire", configuration.Kernel.OneWire), .. Of("thermal", configuration.Kernel.Thermal),
    ];

    /// <summary>Whether two configurations name the same sensors: then what does not answer did not answer before either.</summary>
    public static bool AreSame(AgentConfiguration one, AgentConfiguration other) =>
        Sections.All(section => one.Sections.GetValueOrDefault(section) == other.Sections.GetValueOrDefault(section));

    private static IEnumerable<PolledSensor> Of(string section, IReadOnlyList<KernelSensorOptions> sensors) =>
        sensors.Select((sensor, i) => Sensor($"/{section}/{i}", sensor.Sampling));

    private static PolledSensor Sensor(string pointer, SensorOptions options) => new(pointer, options.SeriesPrefix, options.Interval);
}
