using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Scanning.Live;

/// <summary>
/// What somebody wants to see by a name: a series of the configuration or what several of them begin with, a chip with its place
/// (<see cref="ChipAddress"/>), a device of the kernel (<see cref="KernelName"/>).
/// </summary>
internal sealed class SensorChoice : IDisposable
{
    private readonly LiveSensors _sensors;
    private readonly string? _series;

    private SensorChoice(LiveSensors sensors, string? series)
    {
        (_sensors, _series) = (sensors, series);
        Plans = [.. sensors.Plans.Where(plan => series is null || IsAskedFor(series, plan))];
    }

    public IReadOnlyList<SensorPlan> Plans { get; }

    /// <param name="name">As it was typed.</param>
    /// <param name="configuration">The configuration; an empty one where there is none.</param>
    /// <param name="time">The clock of conversions.</param>
    /// <param name="loggers">Are told what is wrong with a bus.</param>
    /// <param name="choice">What to read; the caller disposes of it.</param>
    /// <param name="problem">What is wrong with the name, and what to write.</param>
    public static bool TryFind(
        string name, AgentConfiguration configuration, TimeProvider time, ILoggerFactory loggers, [NotNullWhen(true)] out SensorChoice? choice, out string problem)
    {
        problem = "";
        choice = new SensorChoice(new LiveSensors(configuration, time, loggers), name.TrimEnd('/'));
        if (choice.Plans.Count > 0)
        {
            return true;
        }
        string[] series = [.. choice._sensors.Plans.SelectMany(Names)];
        choice.Dispose();
        choice = null;
        if (name.Contains('@', StringComparison.Ordinal))
        {
            if (ChipAddress.TryRead(name, configuration.Device.Hardware, out Sensors.I2c.I2cBusOptions? bus, out problem))
            {
                choice = Of(new AgentConfiguration { Device = configuration.Device, I2cBuses = [bus] });
            }
            return choice is not null;
        }
        if (KernelName.Find(configuration.Device.Hardware, name) is { } kernel)
        {
            choice = Of(new AgentConfiguration { Device = configuration.Device, Kernel = kernel });
            return true;
        }
        string[] known = [.. series, .. KernelName.All(configuration.Device.Hardware)];
        problem = $"There is no sensor \"{name}\".{Suggestion.For(name, known)} Name a series of the configuration, a chip such as bme280@1:0x76, or a device "
            + "of the kernel. \"edge-agent scan\" lists what there is.";
        return false;

        SensorChoice Of(AgentConfiguration only) => new(new LiveSensors(only, time, loggers), null);
    }

    /// <summary>Of a plan that is read, whether this value of it was asked for.</summary>
    public bool IsAskedFor(SensorPlan plan, Quantity quantity) =>
        _series is null || IsAskedFor(_series, plan, quantity);

    /// <inheritdoc cref="IsAskedFor(SensorPlan, Quantity)"/>
    public static bool IsAskedFor(string series, SensorPlan plan, Quantity quantity) =>
        IsWithin(series, plan.Options.SeriesPrefix) || IsWithin(series, SeriesOf(plan, quantity));

    public static string SeriesOf(SensorPlan plan, Quantity quantity) => plan.Options.SeriesOf(quantity.Name);

    public void Dispose() => _sensors.Dispose();

    /// <summary>
    /// All of it, one value of it, or several of its values. Which values there are some sensors only learn from their hardware: where it does not know any
    /// yet, it may have the one.
    /// </summary>
    public static bool IsAskedFor(string series, SensorPlan plan) =>
        IsWithin(series, plan.Options.SeriesPrefix)
        || plan.Sensor.Quantities.Any(quantity => IsWithin(series, SeriesOf(plan, quantity)))
        || (plan.Sensor.Quantities.Count == 0 && IsWithin(plan.Options.SeriesPrefix, series));

    /// <summary>Level by level: "cabinet" is above "cabinet/air" and not above "cabinets".</summary>
    private static bool IsWithin(string above, string name) => name == above || name.StartsWith(above + "/", StringComparison.Ordinal);

    private static IEnumerable<string> Names(SensorPlan plan) => [plan.Options.SeriesPrefix, .. plan.Sensor.Quantities.Select(quantity => SeriesOf(plan, quantity))];
}
