using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>Runs the readers, each in a thread of its own: waiting for the kernel's edges blocks.</summary>
internal sealed class GpioService(GpioLines lines) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> running = [.. lines.Readers.Select(reader =>
            Task.Factory.StartNew(() => reader.Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        while (running.Count > 0)
        {
            // One that fails is a defect, and must not go unseen until the others end.
            Task ended = await Task.WhenAny(running).ConfigureAwait(false);
            await ended.ConfigureAwait(false);
            running.Remove(ended);
        }
    }
}
