using System.Device.I2c;
using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.I2c.Simulation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.I2c;

/// <summary>All sensors of all buses, each polled on its own, so that none waits for another's interval or backoff.</summary>
internal sealed class I2cSensorsService(
    AgentConfiguration configuration, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics, AgentClock clock, TimeProvider time,
    ILogger<I2cPoller> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        I2cWire[] wires = [.. configuration.I2cBuses.Select(bus => new I2cWire(() => Open(bus)))];
        try
        {
            await Task.WhenAll(configuration.I2cBuses.SelectMany((bus, i) => bus.Sensors.Select(sensor => PollAsync(sensor, wires[i], stoppingToken))))
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            Array.ForEach(wires, wire => wire.Dispose());
        }
    }

    private Task PollAsync(I2cSensorOptions options, I2cWire wire, CancellationToken stoppingToken)
    {
        var sensor = new I2cSensor(options, wire, time);
        var labels = new Dictionary<string, string>(configuration.Device.Labels, StringComparer.Ordinal);
        foreach ((string label, string value) in options.Labels)
        {
            labels[label] = value;
        }
        SourceSeries[] series = [.. sensor.Quantities.Select(quantity => SourceSeries.Register(
            catalog, $"{options.Series.TrimEnd('/')}/{quantity.Name}", quantity.Unit, labels, SeriesKind.Number, options.Lane))];
        return new I2cPoller(sensor, series, channel, metrics, clock, time, logger).RunAsync(stoppingToken);
    }

    private I2cBus Open(I2cBusOptions bus) => bus.Bus is { } number ? I2cBus.Create(number) : SimulatedI2cBus.Create(bus, time);
}
