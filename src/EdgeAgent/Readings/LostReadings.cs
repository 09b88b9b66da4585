using EdgeAgent.Spooling;

namespace EdgeAgent.Readings;

/// <summary>
/// How many readings were there and found no place, by lane and cause, until the spool's ledger has the numbers. Any thread adds; the batcher
/// takes. Readings of a message that its sender keeps are never among them: they come again.
/// </summary>
internal sealed class LostReadings
{
    /// <summary>Of each lane what overflowed, and what the disk did not take.</summary>
    private readonly long[] _counts = new long[4];
    private int _cause = (int)LossCause.Overflow;

    /// <summary>Why a reading that finds no place now is lost: <see cref="LossCause.DiskFull"/> while the spool takes nothing, else <see cref="LossCause.Overflow"/>.</summary>
    public LossCause Cause
    {
        get => (LossCause)Volatile.Read(ref _cause);
        set => Volatile.Write(ref _cause, (int)value);
    }

    public bool IsAny
    {
        get
        {
            foreach (ref long count in _counts.AsSpan())
            {
                if (Volatile.Read(ref count) > 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    public void Add(SpoolLane lane, long readings = 1) => Add(lane, Cause, readings);

    public void Add(SpoolLane lane, LossCause cause, long readings) => Interlocked.Add(ref Of(lane, cause), readings);

    /// <summary>Whoever takes a number brings it into the ledger, or back.</summary>
    public long Take(SpoolLane lane, LossCause cause) => Interlocked.Exchange(ref Of(lane, cause), 0);

    private ref long Of(SpoolLane lane, LossCause cause) =>
        ref _counts[(lane == SpoolLane.Alarm ? 0 : 2) + (cause == LossCause.DiskFull ? 1 : 0)];
}
