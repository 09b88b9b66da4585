using System.Diagnostics;

namespace EdgeAgent.Testing;

/// <summary>Waits for something that another thread or process brings about and that has no event to wait for.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static Task TrueAsync(Func<bool> condition, TimeSpan timeout, string what, TimeSpan? pause = null) =>
        TrueAsync(condition, timeout, () => what, pause);

    /// <summary>The same with words that tell how far it came.</summary>
    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static Task TrueAsync(Func<bool> condition, TimeSpan timeout, Func<string> what, TimeSpan? pause = null) =>
        TrueAsync(() => Task.FromResult(condition()), timeout, what, pause);

    /// <summary>The same with a condition that has to be asked for.</summary>
    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan timeout, Func<string> what, TimeSpan? pause = null)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                throw new TimeoutException($"Not within {timeout}: {what()}.");
            }
            await Task.Delay(pause ?? DefaultPause);
        }
    }
}
