using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>Keeps on flash what was counted: every ten minutes, and at the end. To be added before the lines, so that it stops after them.</summary>
internal sealed class CounterKeeper(CounterMemory memory, TimeProvider time) : BackgroundService
{
    /// <summary>A page of flash each time, at most 144 a day (576 KiB), for all counters together; and what a power cut can cost.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        memory.Save(isEnd: true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Without a counter nothing wakes up.
            await memory.Begun.WaitAsync(stoppingToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(Every, time);
            do
            {
                // At the start, too: from then on the file says that the run has not ended.
                memory.Save(isEnd: false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
