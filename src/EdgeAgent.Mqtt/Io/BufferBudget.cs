namespace EdgeAgent.Mqtt.Io;

/// <summary>
/// What all connections together may hold in receive buffers above the small one that each has. Many slow senders of large packets could
/// otherwise take connections × packet size.
/// </summary>
internal sealed class BufferBudget(long maximum)
{
    private long _taken;

    /// <summary>How much is taken now.</summary>
    public long Taken => Volatile.Read(ref _taken);

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= maximum)
        {
            return true;
        }
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Give(int bytes) => Interlocked.Add(ref _taken, -bytes);
}
