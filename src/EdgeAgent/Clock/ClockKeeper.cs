using EdgeAgent.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Clock;

/// <summary>Looks at the clock where nobody else does, and keeps on flash what is known: as soon as it is, then once an hour, and at the end.</summary>
internal sealed class ClockKeeper(AgentClock clock, AgentMetrics metrics, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <summary>A page of flash an hour: a thousandth of what the spool writes. The floor is an hour too low at most.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromHours(1);

    private long _saved;
    private bool _isSaved;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        clock.Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                metrics.ClockKnown.Set(clock.IsKnown ? 1 : 0);
                if (clock.IsKnown && (!_isSaved || time.GetElapsedTime(_saved) >= SaveEvery))
                {
                    (_isSaved, _saved) = (clock.Save(), time.GetTimestamp());
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
