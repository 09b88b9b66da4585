using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Gpio.Modes;

/// <summary>What a line's edges mean. It knows no hardware; <see cref="LineConnection"/> calls it, one call at a time.</summary>
internal interface ILineMode
{
    /// <summary>Direction and edges.</summary>
    LineFlags Flags { get; }

    /// <summary>Nobody waits for its edges: they may stay in the kernel's queue for a while, so that many are read at one wake-up.</summary>
    bool IsPatient { get; }

    /// <summary>Where a chip raises no interrupts, as some expanders do, the heartbeat alone is worth having.</summary>
    bool CanDoWithoutEdges => false;

    /// <summary>How often <see cref="Repeat"/> is called; null: never.</summary>
    TimeSpan? Heartbeat { get; }

    /// <summary>The lines are ours, for the first time or again.</summary>
    /// <param name="values">Bit i is what the i-th line is now.</param>
    /// <param name="times">Taken before the values were: what happened earlier is in them.</param>
    void Begin(ulong values, in EventTimes times);

    /// <summary>The lines were ours all the time, under an entry that another configuration has replaced by this one.</summary>
    /// <inheritdoc cref="Begin"/>
    void Continue(ulong values, in EventTimes times) => Begin(values, times);

    /// <summary>An edge.</summary>
    /// <param name="happened">The edge.</param>
    /// <param name="line">Of which of the lines, counted from 0.</param>
    /// <param name="missed">How many edges before it found no room in the kernel's queue.</param>
    /// <param name="times">Make its timestamp a time.</param>
    void Take(in LineEvent happened, int line, long missed, in EventTimes times);

    /// <summary>The heartbeat of lines that are there.</summary>
    void Repeat(ulong values, ReadingTime now);

    /// <summary>The lines are not there: once when that is found, then at each heartbeat.</summary>
    void Absent(ReadingTime now);
}
