namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>
/// What Bosch's air sensors have in common on the bus: writes are pairs of a register and a value (BST-BME280-DS002 section 6.2.1), and raw values of
/// 20 bits. The compensation runs one way only, so the raw value of a climate is searched for.
/// </summary>
internal abstract class SimulatedBoschChip : SimulatedRegisterChip
{
    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        base.Take(bytes[..1]);
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            Store(bytes[i], bytes[i + 1]);
        }
    }

    protected void WriteTwentyBits(int register, int value)
    {
        Registers[register] = (byte)(value >> 12);
        Registers[register + 1] = (byte)(value >> 4);
        Registers[register + 2] = (byte)(value << 4);
    }

    /// <summary>The smallest number below the limit for which the condition, false before it and true after it, holds.</summary>
    protected static int Search(int limit, Func<int, bool> holds)
    {
        int low = 0, high = limit - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle + 1, high);
        }
        return low;
    }
}
