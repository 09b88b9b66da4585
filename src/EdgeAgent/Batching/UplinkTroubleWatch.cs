using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Batching;

/// <summary>
/// Tells the spool whether the uplink is in trouble, so that memory lets go of what it holds. It asks: a second more of readings in memory alone is
/// little, and the uplink need not know that anybody listens.
/// </summary>
internal sealed class UplinkTroubleWatch(SpoolSlot slot, IUplinkTrouble uplink, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                if (slot.Opened is { Spool: var spool })
                {
                    spool.ReportUplink(uplink.IsInTrouble);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops: the batcher has what memory holds written.
        }
    }
}
