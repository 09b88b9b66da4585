using System.Buffers.Binary;
using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A DS3231 that was set right once and runs since; its battery is dead, so that a loss of power is one of the time.</summary>
internal sealed class SimulatedDs3231(SimulatedRoom room, TimeProvider time) : SimulatedRegisterChip
{
    /// <summary>The datasheet's time after power-up, when the clock began anew at it.</summary>
    private static readonly DateTimeOffset Beginning = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long? _lost;

    public override void LosePower() => _lost = time.GetTimestamp();

    /// <summary>Behind the last register comes the first.</summary>
    protected override byte Load(byte register) => base.Load((byte)(register % Ds3231.RegisterCount));

    protected override void Refresh()
    {
        Ds3231Time.Write(Registers, _lost is { } lost ? Beginning + time.GetElapsedTime(lost) : time.GetUtcNow());
        Registers[Ds3231.StatusRegister] = _lost is null ? (byte)0 : Ds3231.OscillatorStopped;
        BinaryPrimitives.WriteInt16BigEndian(Registers.AsSpan(Ds3231.TemperatureRegister), (short)(Math.Round(room.Now().Celsius * 4) * 64));
        if (Fault == SimulatedFault.WrongChip)
        {
            Registers.AsSpan().Fill(0xFF);
        }
    }
}
