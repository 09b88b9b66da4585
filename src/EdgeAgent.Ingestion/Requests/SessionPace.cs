namespace EdgeAgent.Ingestion.Requests;

/// <summary>How often a device may begin a session: each is a transaction, and ends another one. Any thread.</summary>
internal sealed class SessionPace(TimeProvider time)
{
    /// <summary>A line that comes and goes needs one or two.</summary>
    private const int Most = 5;

    /// <summary>And is told to come again after it.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _begun = new(StringComparer.Ordinal);
    private long _since = time.GetTimestamp();

    public bool TryBegin(string device)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= Within)
            {
                // Counted from a common beginning: who straddles it has twice as many at most, and nothing is remembered for longer.
                _begun.Clear();
                _since = time.GetTimestamp();
            }
            int begun = _begun.GetValueOrDefault(device);
            _begun[device] = begun + 1;
            return begun < Most;
        }
    }
}
