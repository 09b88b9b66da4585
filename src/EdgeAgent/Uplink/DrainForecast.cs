namespace EdgeAgent.Uplink;

/// <summary>
/// When a queue will be empty, from how fast it became less: what is added meanwhile is in that. The rate is a mean in which a sample counts for less
/// the older it is, a third of it after the memory's time. Pure; told sizes and times.
/// </summary>
internal sealed class DrainForecast(TimeSpan memory)
{
    /// <summary>A year: what is said to take longer is not becoming less.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private TimeSpan _at;
    private long _bytes = -1;
    private double _rate;   // bytes a second that it becomes less by
    private double _weight; // 0: nothing is known; towards 1: a full memory

    /// <summary>Null where it is empty, does not become less, or nothing is known yet.</summary>
    public TimeSpan? EmptyIn { get; private set; }

    /// <summary>Bytes a second; negative where it grows.</summary>
    public double BytesPerSecond => _weight > 0 ? _rate / _weight : 0;

    /// <summary>So many bytes are in it now.</summary>
    public void Observe(TimeSpan now, long bytes)
    {
        if (bytes == 0)
        {
            // What comes next is another backlog.
            (_rate, _weight) = (0, 0);
        }
        else if (_bytes > 0 && now > _at)
        {
            double seconds = (now - _at).TotalSeconds;
            double kept = Math.Exp(-seconds / memory.TotalSeconds);
            _rate = (_rate * kept) + ((_bytes - bytes) / seconds * (1 - kept));
            _weight = (_weight * kept) + (1 - kept);
        }
        (_at, _bytes) = (now, bytes);
        double left = bytes == 0 || BytesPerSecond <= 0 ? double.PositiveInfinity : bytes / BytesPerSecond;
        EmptyIn = left < Longest.TotalSeconds ? TimeSpan.FromSeconds(left) : null;
    }
}
