using EdgeAgent.Pacing;

namespace EdgeAgent.Uplink;

/// <summary>
/// When a queue will be empty, from how fast it became less of late (<see cref="RecentMean"/>): what is added meanwhile is in that. Pure; told sizes and
/// times.
/// </summary>
internal sealed class DrainForecast(TimeSpan memory)
{
    /// <summary>A year: what is said to take longer is not becoming less.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private RecentMean _less = new(memory); // bytes that it becomes less by
    private TimeSpan _at;
    private long _bytes = -1;

    /// <summary>Null where it is empty, does not become less, or nothing is known yet.</summary>
    public TimeSpan? EmptyIn { get; private set; }

    /// <summary>Bytes a second; negative where it grows.</summary>
    public double BytesPerSecond => _less.PerSecond ?? 0;

    /// <summary>So many bytes are in it now.</summary>
    public void Observe(TimeSpan now, long bytes)
    {
        if (bytes == 0)
        {
            // What comes next is another backlog.
            _less.Forget();
        }
        else if (_bytes > 0 && now > _at)
        {
            _less.Add(_bytes - bytes, now - _at);
        }
        (_at, _bytes) = (now, bytes);
        double left = bytes == 0 || BytesPerSecond <= 0 ? double.PositiveInfinity : bytes / BytesPerSecond;
        EmptyIn = left < Longest.TotalSeconds ? TimeSpan.FromSeconds(left) : null;
    }
}
