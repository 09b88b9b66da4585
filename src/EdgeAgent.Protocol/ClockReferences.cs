using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Protocol;

/// <summary>
/// What is known by now of the clocks that were not right when they were read: for each boot of a device how far its clock since boot lies behind
/// Unix time. One session's, or one device's. For one thread at a time.
/// </summary>
/// <param name="earliest">Nothing is moved to before this, nanoseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="latest">Nothing is moved to after this.</param>
public sealed class ClockReferences(long earliest = long.MinValue, long latest = long.MaxValue)
{
    /// <summary>Boots at most: twice what an agent remembers.</summary>
    public const int Maximum = 16;

    /// <summary>A day. Who knows no better does not know.</summary>
    private const ulong LargestUncertainty = 86_400_000_000_000;

    private const int BootIdBytes = 16;

    private readonly Dictionary<ByteString, long> _offsets = [];

    /// <summary>Takes a reference; of two for the same boot the later one counts.</summary>
    /// <returns>False where it is not within sane limits, or one too many: times of that boot stay provisional.</returns>
    public bool TryAdd(ClockReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        bool isSane = reference.BootId.Length == BootIdBytes && reference.BootTimeNanoseconds >= 0
            && reference.UncertaintyNanoseconds <= LargestUncertainty && IsWithin(reference.UnixNanoseconds)
            && (_offsets.Count < Maximum || _offsets.ContainsKey(reference.BootId));
        if (isSane)
        {
            // Wraps where it must: it is added again below, and what comes out is judged.
            _offsets[reference.BootId] = unchecked(reference.UnixNanoseconds - reference.BootTimeNanoseconds);
        }
        return isSane;
    }

    /// <summary>What the base time of a batch should have been.</summary>
    /// <returns>False where the boot is not known, or what comes out is beyond the limits.</returns>
    public bool TryCorrect(BatchClock clock, out long baseTime)
    {
        ArgumentNullException.ThrowIfNull(clock);
        baseTime = 0;
        // Before the boot may be the start of a window that was cut by it.
        if (!_offsets.TryGetValue(clock.BootId, out long offset))
        {
            return false;
        }
        baseTime = unchecked(clock.BootTimeNanoseconds + offset);
        return IsWithin(baseTime);
    }

    private bool IsWithin(long unixNanoseconds) => unixNanoseconds >= earliest && unixNanoseconds <= latest;
}
