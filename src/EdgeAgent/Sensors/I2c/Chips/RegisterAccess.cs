using System.Device.I2c;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>What chips with registers of 8 bits understand: an address, then bytes from there or to there.</summary>
internal static class RegisterAccess
{
    public static byte ReadRegister(this I2cDevice device, byte register)
    {
        Span<byte> value = stackalloc byte[1];
        device.WriteRead([register], value);
        return value[0];
    }

    /// <summary>From one register on, in one burst, so that all bytes belong to one measurement.</summary>
    public static void ReadRegisters(this I2cDevice device, byte first, Span<byte> values) => device.WriteRead([first], values);

    public static void WriteRegister(this I2cDevice device, byte register, byte value) => device.Write([register, value]);
}
