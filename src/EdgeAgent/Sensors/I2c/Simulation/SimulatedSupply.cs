namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A battery of 12 V that is charged by day and used by night, seen through a shunt; or what a test holds it at.</summary>
internal sealed class SimulatedSupply(SimulatedRoom room)
{
    /// <summary>Volts of the bus, and over the shunt. Null: the battery.</summary>
    public (double Bus, double Shunt)? Held { get; set; }

    public (double Bus, double Shunt) Now()
    {
        if (Held is { } held)
        {
            return held;
        }
        double warmth = room.Now().Celsius - 21.5;
        return (12.6 + (0.2 * warmth), 0.005 * warmth);
    }
}
