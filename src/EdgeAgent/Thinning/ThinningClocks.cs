using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Thinning;

/// <summary>
/// The clocks that the times of a run came from. Provisional times are corrected later, a whole batch by one number; so what one clock gave must stay together, and
/// apart from what another gave.
/// </summary>
internal sealed class ThinningClocks
{
    /// <summary>The clock of batches that name none, because it was right.</summary>
    public const int Right = 0;

    // Readings of the wall clock and of the one since boot are not taken at one instant. A second does no harm to a window of a minute.
    private const long Tolerance = 1_000_000_000;

    private readonly List<Clock> _clocks = [default];

    public int Count => _clocks.Count;

    public int IndexOf(BatchClock? clock, long baseTime)
    {
        if (clock is null)
        {
            return Right;
        }
        var wanted = new Clock(clock.State, clock.BootId, unchecked(baseTime - clock.BootTimeNanoseconds));
        // The newest first: that is nearly always the one.
        for (int i = _clocks.Count - 1; i > Right; i--)
        {
            Clock known = _clocks[i];
            bool isNear = unchecked((ulong)(known.Offset - wanted.Offset + Tolerance)) <= 2 * Tolerance;
            if (isNear && known.State == wanted.State && known.BootId == wanted.BootId)
            {
                return i;
            }
        }
        _clocks.Add(wanted);
        return _clocks.Count - 1;
    }

    /// <summary>What a batch has to say whose times count from this one.</summary>
    public BatchClock? ClockAt(int index, long baseTime) => index == Right ? null : new BatchClock
    {
        State = _clocks[index].State,
        BootId = _clocks[index].BootId,
        BootTimeNanoseconds = unchecked(baseTime - _clocks[index].Offset),
    };

    /// <param name="State">How far it can be trusted.</param>
    /// <param name="BootId">Of which start of the machine.</param>
    /// <param name="Offset">What the wall clock showed more than the one since boot.</param>
    private readonly record struct Clock(ClockState State, ByteString BootId, long Offset);
}
