using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Gpio.Modes;

/// <summary>Each edge is a reading with the kernel's time: true where the line rose. Nothing is said between edges, except that the line is not there.</summary>
internal sealed class EdgeLine(PushedSeries series, LineFlags edges) : ILineMode
{
    public LineFlags Flags => LineFlags.Input | edges;

    public bool IsPatient => false;

    public TimeSpan? Heartbeat => null;

    public void Begin(ulong values, in EventTimes times)
    {
    }

    public void Take(in LineEvent happened, int line, long missed, in EventTimes times)
    {
        series.Lose(missed);
        series.Write(times.At(happened.Timestamp), happened.Edge == LineEdge.Rising);
    }

    public void Repeat(ulong values, ReadingTime now)
    {
    }

    public void Absent(ReadingTime now) => series.WriteAbsent(now);
}
