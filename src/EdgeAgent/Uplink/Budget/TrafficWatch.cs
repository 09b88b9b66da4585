using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Uplink.Budget;

/// <summary>Keeps the count up while nobody asks, and writes it down when the agent ends. To be added before the uplink, so that it stops after it.</summary>
internal sealed class TrafficWatch(TrafficBudget budget, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        budget.Close();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            budget.Count();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
