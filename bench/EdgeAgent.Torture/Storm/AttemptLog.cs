using EdgeAgent.Torture.Network;

namespace EdgeAgent.Torture.Storm;

/// <summary>How many connections are tried in each second.</summary>
internal sealed class AttemptLog(FaultProxy proxy, Action<long, int> told)
{
    private readonly List<int> _seconds = [];

    /// <summary>Looks until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        long last = proxy.Attempts;
        while (!stopping.IsCancellationRequested)
        {
            await second.WaitForNextTickAsync(CancellationToken.None);
            long now = proxy.Attempts;
            Add((int)(now - last));
            last = now;
        }
    }

    /// <summary>Ends a part of the run.</summary>
    /// <returns>Attempts in each second of it.</returns>
    public int[] Take()
    {
        lock (_seconds)
        {
            int[] taken = [.. _seconds];
            _seconds.Clear();
            return taken;
        }
    }

    private void Add(int attempts)
    {
        lock (_seconds)
        {
            _seconds.Add(attempts);
        }
        told(attempts, proxy.Connections);
    }
}
