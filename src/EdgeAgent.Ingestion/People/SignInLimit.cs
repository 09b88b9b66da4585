using EdgeAgent.Pacing;

namespace EdgeAgent.Ingestion.People;

/// <summary>
/// How often passwords may be tried, for each name and each address: ten at once, then one every six seconds. It keeps one number a slot, the time at which
/// the slot is full again; the slots are a fixed number, chosen by a hash that nobody outside can foresee, so memory does not grow with what is tried.
/// Two keys that share a slot share its tries.
/// </summary>
internal sealed class SignInLimit(TimeProvider time)
{
    private const int Slots = 4096;

    private static readonly CellRate Rate = new(TimeSpan.FromSeconds(6), burst: 10);

    private readonly TimeSpan[] _fullAgainAt = new TimeSpan[Slots];
    private readonly long _origin = time.GetTimestamp();
    private readonly Lock _gate = new();

    /// <summary>Takes a try where there is one left.</summary>
    /// <returns>How long to wait where there is none.</returns>
    public TimeSpan? Take(string key)
    {
        // Hash codes of texts differ from process to process.
        int slot = (int)((uint)key.GetHashCode(StringComparison.Ordinal) % Slots);
        TimeSpan now = time.GetElapsedTime(_origin);
        lock (_gate)
        {
            TimeSpan wait = Rate.Wait(_fullAgainAt[slot], now);
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }
            Rate.Take(ref _fullAgainAt[slot], now);
            return null;
        }
    }
}
