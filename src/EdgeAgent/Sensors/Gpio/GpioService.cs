using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>Turns the lines for as long as the host runs.</summary>
internal sealed class GpioService(GpioLines lines) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => lines.RunAsync(stoppingToken);
}
