using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>One capture, until it is stopped.</summary>
internal sealed class IioCaptureService(IioCapture capture) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await capture.RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, or the configuration has it no more.
        }
    }
}
