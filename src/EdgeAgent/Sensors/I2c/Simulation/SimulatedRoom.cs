namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>
/// A room's climate for demonstrations and tests: a daily curve, weather that drifts over days, and a sensor's noise. The
/// same seed and time give the same climate.
/// </summary>
internal sealed class SimulatedRoom(int seed, TimeProvider time)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public (double Celsius, double Percent, double Pascal) Now()
    {
        DateTimeOffset now = time.GetUtcNow();
        // The coolest hour is four in the morning, the warmest four in the afternoon.
        double daily = Math.Sin(2 * Math.PI * ((now.TimeOfDay / Day) - (10.0 / 24)));
        double weather = Drift(now, TimeSpan.FromHours(18), 1);
        double celsius = 21.5 + (2.5 * daily) + (1.5 * weather) + (0.02 * Noise(now, 2));
        // The same water in warmer air is a smaller part of what the air could hold: about 6 % of the value a degree.
        double percent = (45 * Math.Exp(-0.06 * (celsius - 21.5))) + (5 * Drift(now, TimeSpan.FromHours(7), 3)) + (0.1 * Noise(now, 4));
        double pascal = 101_325 + (1_200 * Drift(now, TimeSpan.FromHours(40), 5)) + (2 * Noise(now, 6));
        return (celsius, percent, pascal);
    }

    /// <summary>Carbon dioxide in ppm: fresh air's 420, and people by day.</summary>
    public double CarbonDioxide()
    {
        DateTimeOffset now = time.GetUtcNow();
        return 420 + (450 * Daylight(now)) + (120 * (1 + Drift(now, TimeSpan.FromHours(3), 7))) + Noise(now, 8);
    }

    /// <summary>Light in lx: nothing by night, a bright room by day.</summary>
    public double Lux()
    {
        DateTimeOffset now = time.GetUtcNow();
        return 1_200 * Daylight(now) * (1.3 + Drift(now, TimeSpan.FromMinutes(40), 9));
    }

    /// <summary>What a gas sensor's plate has in such air, in ohm: some 100,000, and less where the air is used.</summary>
    public double GasOhm() => 90_000 * Math.Exp(Drift(time.GetUtcNow(), TimeSpan.FromHours(5), 10));

    /// <summary>How far something is that moves slowly, such as the surface of water in a tank, in mm.</summary>
    public double Millimetres() => 600 + (300 * Drift(time.GetUtcNow(), TimeSpan.FromHours(2), 11));

    /// <summary>0 by night, up to 1 at noon.</summary>
    private static double Daylight(DateTimeOffset now) => Math.Max(0, Math.Sin(2 * Math.PI * ((now.TimeOfDay / Day) - 0.25)));

    /// <summary>Between -1 and 1: random points at each period, joined by a curve without corners.</summary>
    private double Drift(DateTimeOffset now, TimeSpan period, int channel)
    {
        long index = now.UtcTicks / period.Ticks;
        double within = (double)(now.UtcTicks % period.Ticks) / period.Ticks;
        double smooth = within * within * (3 - (2 * within));
        return (Random(index, channel) * (1 - smooth)) + (Random(index + 1, channel) * smooth);
    }

    /// <summary>Between -1 and 1, without memory, most often near 0.</summary>
    private double Noise(DateTimeOffset now, int channel) =>
        (Random(now.UtcTicks, channel) + Random(~now.UtcTicks, channel)) / 2;

    /// <summary>Between -1 and 1: the finalizer of MurmurHash3 over what tells this number from all others.</summary>
    private double Random(long index, int channel)
    {
        ulong bits = ((ulong)index * 0x9E3779B97F4A7C15) ^ ((ulong)(uint)seed << 32) ^ (ulong)(uint)channel;
        bits = (bits ^ (bits >> 33)) * 0xFF51AFD7ED558CCD;
        bits = (bits ^ (bits >> 33)) * 0xC4CEB9FE1A85EC53;
        return ((bits ^ (bits >> 33)) >> 11) / (double)(1L << 52) - 1;
    }
}
