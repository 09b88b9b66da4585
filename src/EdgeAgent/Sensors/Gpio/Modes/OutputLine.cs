using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Gpio.Modes;

/// <summary>A line that the agent drives: what it drives is a reading at the start, on each change and at each interval.</summary>
internal sealed class OutputLine(PushedSeries series, TimeSpan heartbeat) : ILineMode
{
    public LineFlags Flags => LineFlags.Output;

    public bool IsPatient => false;

    public TimeSpan? Heartbeat => heartbeat;

    public void Begin(ulong values, in EventTimes times) => Repeat(values, times.Now);

    public void Take(in LineEvent happened, int line, long missed, in EventTimes times) =>
        throw new InvalidOperationException("An output has no edges.");

    public void Repeat(ulong values, ReadingTime now) => series.Write(now, (values & 1) != 0);

    public void Absent(ReadingTime now) => series.WriteAbsent(now);
}
