namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>The four inputs of a converter: sensors of the room with a voltage for an output, or what a test holds them at.</summary>
internal sealed class SimulatedInputs(SimulatedRoom room)
{
    /// <summary>Volts against ground. Null: the room's sensors.</summary>
    public double[]? Held { get; set; }

    public double Volts(int input)
    {
        if (Held is not null)
        {
            return Held[input];
        }
        (double celsius, double percent, double pascal) = room.Now();
        return input switch
        {
            // 10 mV a degree, 30 mV a per cent, 25 mV a kilopascal; the last one is not connected.
            0 => celsius * 0.010,
            1 => percent * 0.030,
            2 => pascal * 0.000_025,
            _ => 0,
        };
    }
}
