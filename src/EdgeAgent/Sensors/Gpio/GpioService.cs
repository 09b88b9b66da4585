using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>Runs the readers, each in a thread of its own: waiting for the kernel's edges blocks.</summary>
internal sealed class GpioService(GpioLines lines) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(lines.Readers.Select(reader =>
        Task.Factory.StartNew(() => reader.Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
}
