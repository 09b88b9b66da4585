namespace EdgeAgent.Sensors.Gpio.Simulation;

/// <summary>What a simulated line does by itself.</summary>
internal enum PatternKind
{
    /// <summary>High for half of each period.</summary>
    Square,

    /// <summary>High once in each period, at a random moment and for a random while.</summary>
    Door,
}

/// <summary>Where the edges of a simulated line are. A function of time alone: the same each time.</summary>
/// <param name="Kind">What the line does.</param>
/// <param name="Period">How long until it does it again.</param>
/// <param name="Delay">A line that comes so much later; of the second line of a quadrature a quarter of the period.</param>
internal sealed record LinePattern(PatternKind Kind, TimeSpan Period, TimeSpan Delay = default)
{
    /// <param name="after">Nanoseconds.</param>
    /// <returns>The first edge after that, and what the line is from then on.</returns>
    public (long At, bool Level) NextEdge(long after)
    {
        long period = Period.Ticks * TimeSpan.NanosecondsPerTick;
        long delay = Delay.Ticks * TimeSpan.NanosecondsPerTick;
        for (long begin = Floor(after - delay, period) + delay; ; begin += period)
        {
            (long rise, long fall) = Kind == PatternKind.Square ? (period / 2, period) : Opening(begin, period);
            if (begin + rise > after)
            {
                return (begin + rise, true);
            }
            if (begin + fall > after)
            {
                return (begin + fall, false);
            }
        }
    }

    /// <summary>It opens in the first half of the period and is closed before its end.</summary>
    private static (long Rise, long Fall) Opening(long begin, long period)
    {
        uint random = (uint)HashCode(begin / period);
        long rise = period / 100 * (1 + (random % 49));
        return (rise, rise + (period / 100 * (1 + (random / 49 % 49))));
    }

    /// <summary>The finalizer of MurmurHash3: the same in each run, which System.HashCode is not.</summary>
    private static ulong HashCode(long number)
    {
        ulong bits = (ulong)number * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 33)) * 0xFF51AFD7ED558CCD;
        return bits ^ (bits >> 33);
    }

    private static long Floor(long value, long unit) => (value - (((value % unit) + unit) % unit));
}
