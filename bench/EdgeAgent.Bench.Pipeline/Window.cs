using EdgeAgent.Readings;

namespace EdgeAgent.Bench.Pipeline;

/// <summary>A publisher that may have only so many messages unacknowledged. One task enters; the batcher settles.</summary>
internal sealed class Window(int size) : IDeliverySource, IDisposable
{
    private readonly SemaphoreSlim _wake = new(0, int.MaxValue);
    private int _inFlight;
    private int _waitsFor = -1;
    private int _failed;

    public ValueTask EnterAsync()
    {
        if (Interlocked.Increment(ref _inFlight) <= size)
        {
            return ValueTask.CompletedTask;
        }
        // Half of the window has to come back, so that the publisher wakes once for many.
        return WaitForAsync(size / 2);
    }

    /// <exception cref="InvalidOperationException">A delivery failed: there is nothing to measure.</exception>
    public async ValueTask DrainAsync()
    {
        await WaitForAsync(0);
        if (Volatile.Read(ref _failed) > 0)
        {
            throw new InvalidOperationException($"{_failed} deliveries failed.");
        }
    }

    public void Committed(long token)
    {
        int left = Interlocked.Decrement(ref _inFlight);
        if (left <= Volatile.Read(ref _waitsFor) && Interlocked.Exchange(ref _waitsFor, -1) >= 0)
        {
            _wake.Release();
        }
    }

    public void Failed(long token)
    {
        Interlocked.Increment(ref _failed);
        Committed(token);
    }

    public void Dispose() => _wake.Dispose();

    private async ValueTask WaitForAsync(int left)
    {
        Volatile.Write(ref _waitsFor, left);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _inFlight) <= left && Interlocked.Exchange(ref _waitsFor, -1) >= 0)
        {
            return;
        }
        await _wake.WaitAsync();
    }
}
