namespace EdgeAgent.Sensors.Gpio.Simulation;

/// <summary>Waits as poll(2) does, for edges that patterns and tests make.</summary>
internal sealed class SimulatedWait(SimulatedGpio gpio, TimeProvider time) : ILineWait
{
    private bool _isWoken;

    public void Wait(ReadOnlySpan<ILineRequest?> watched, Span<bool> ready, TimeSpan timeout)
    {
        long started = time.GetTimestamp();
        lock (gpio.Gate)
        {
            while (!Look(watched, ready, out long next) && !_isWoken)
            {
                TimeSpan left = timeout - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    return;
                }
                TimeSpan untilEdge = next == long.MaxValue ? left : TimeSpan.FromTicks((next - gpio.Nanoseconds) / TimeSpan.NanosecondsPerTick);
                TimeSpan wait = untilEdge < left ? untilEdge : left;
                // Rounded up: the monitor counts milliseconds.
                Monitor.Wait(gpio.Gate, TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))));
            }
            _isWoken = false;
        }
    }

    public void Wake()
    {
        lock (gpio.Gate)
        {
            _isWoken = true;
            Monitor.PulseAll(gpio.Gate);
        }
    }

    public void Dispose()
    {
        // Nothing of the kernel's is held.
    }

    private static bool Look(ReadOnlySpan<ILineRequest?> watched, Span<bool> ready, out long next)
    {
        next = long.MaxValue;
        bool isAny = false;
        for (int i = 0; i < watched.Length; i++)
        {
            ready[i] = false;
            if (watched[i] is SimulatedRequest request)
            {
                request.Follow();
                ready[i] = request.IsReady;
                isAny |= request.IsReady;
                next = Math.Min(next, request.NextEdge);
            }
        }
        return isAny;
    }
}
