namespace EdgeAgent.Ingestion.People;

/// <summary>
/// How often passwords may be tried, for each name and each address: ten at once, then one every six seconds. It keeps one number a slot, the time at which
/// the slot is full again (GCRA); the slots are a fixed number, chosen by a hash that nobody outside can foresee, so memory does not grow with what is tried.
/// Two keys that share a slot share its tries.
/// </summary>
internal sealed class SignInLimit(TimeProvider time)
{
    private const int Slots = 4096;
    private const int AtOnce = 10;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(6);

    private readonly long[] _fullAgainAt = new long[Slots];
    private readonly Lock _gate = new();

    /// <summary>Takes a try where there is one left.</summary>
    /// <returns>How long to wait where there is none.</returns>
    public TimeSpan? Take(string key)
    {
        // Hash codes of texts differ from process to process.
        int slot = (int)((uint)key.GetHashCode(StringComparison.Ordinal) % Slots);
        long now = time.GetTimestamp();
        long one = (long)(Each.TotalSeconds * time.TimestampFrequency);
        lock (_gate)
        {
            long ahead = Math.Max(_fullAgainAt[slot] - now, 0);
            long over = ahead - ((AtOnce - 1) * one);
            if (over > 0)
            {
                return TimeSpan.FromSeconds((double)over / time.TimestampFrequency);
            }
            _fullAgainAt[slot] = now + ahead + one;
            return null;
        }
    }
}
