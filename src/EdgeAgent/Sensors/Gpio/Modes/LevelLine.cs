using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Gpio.Modes;

/// <summary>
/// A state, such as a door's: a reading at the start, on each edge with the kernel's time, and one at each interval. The latter makes silence a fault, and
/// puts right what an interrupt that was never raised has left wrong.
/// </summary>
internal sealed class LevelLine(PushedSeries series, TimeSpan heartbeat) : ILineMode
{
    private long _begun;

    public LineFlags Flags => LineFlags.Input | LineFlags.EdgeRising | LineFlags.EdgeFalling;

    public bool IsPatient => false;

    public bool CanDoWithoutEdges => true;

    public TimeSpan? Heartbeat => heartbeat;

    public void Begin(ulong values, in EventTimes times)
    {
        _begun = times.KernelNow;
        Repeat(values, times.Now);
    }

    public void Take(in LineEvent happened, int line, long missed, in EventTimes times)
    {
        series.Lose(missed);
        // What came before the first look is in what was seen then.
        if (happened.Timestamp >= _begun)
        {
            series.Write(times.At(happened.Timestamp), happened.Edge == LineEdge.Rising);
        }
    }

    public void Repeat(ulong values, ReadingTime now) => series.Write(now, (values & 1) != 0);

    public void Absent(ReadingTime now) => series.WriteAbsent(now);
}
