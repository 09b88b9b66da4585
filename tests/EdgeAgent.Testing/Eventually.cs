using System.Diagnostics;

namespace EdgeAgent.Testing;

/// <summary>Waits for something that another thread or process brings about and that has no event to wait for.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static async Task TrueAsync(Func<bool> condition, TimeSpan timeout, string what, TimeSpan? pause = null)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                throw new TimeoutException($"Not within {timeout}: {what}.");
            }
            await Task.Delay(pause ?? DefaultPause);
        }
    }
}
