namespace EdgeAgent.Sensors.Mqtt;

/// <summary>Lets one occasion in ten seconds through to the log and counts the others: outsiders must not be able to fill it.</summary>
internal sealed class LogSampler(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _lastShown;
    private long _unseen;

    /// <param name="unseen">How many were not shown since the last one that was.</param>
    /// <returns>Whether to show this one.</returns>
    public bool TryTake(out long unseen)
    {
        lock (_lock)
        {
            unseen = _unseen;
            long now = time.GetTimestamp();
            if (_lastShown is { } last && time.GetElapsedTime(last, now) < Interval)
            {
                _unseen++;
                return false;
            }
            _lastShown = now;
            _unseen = 0;
            return true;
        }
    }
}
