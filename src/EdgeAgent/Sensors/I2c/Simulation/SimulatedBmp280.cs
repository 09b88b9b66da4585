using System.Buffers.Binary;
using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A BMP280 with a register file (datasheet section 4): it converts the room's air back into raw values.</summary>
internal class SimulatedBmp280 : SimulatedBoschChip
{
    /// <summary>A specimen of the usual kind.</summary>
    internal static readonly Bmp280Calibration Specimen = new()
    {
        T1 = 28_485,
        T2 = 26_735,
        T3 = 50,
        P1 = 36_738,
        P2 = -10_635,
        P3 = 3_024,
        P4 = 6_980,
        P5 = -4,
        P6 = -7,
        P7 = 9_900,
        P8 = -10_230,
        P9 = 4_285,
    };

    private readonly SimulatedRoom _room;
    private readonly TimeProvider _time;
    private readonly byte _id;
    private readonly TimeSpan _conversion;
    private long _started;

    /// <summary>Table 13 of the datasheet: how long the measuring bit stays set, at most, with both oversamplings at 1.</summary>
    public SimulatedBmp280(SimulatedRoom room, TimeProvider time)
        : this(room, time, Bmp280.ChipId, TimeSpan.FromMilliseconds(6.4))
    {
    }

    protected SimulatedBmp280(SimulatedRoom room, TimeProvider time, byte id, TimeSpan conversion)
    {
        (_room, _time, _id, _conversion) = (room, time, id, conversion);
        PowerUp();
    }

    public override void LosePower() => PowerUp();

    protected override void Store(byte register, byte value)
    {
        base.Store(register, value);
        if (register == Bmp280.ControlRegister && (value & 0b11) is 0b01 or 0b10)
        {
            _started = _time.GetTimestamp();
            (double celsius, double percent, double pascal) = _room.Now();
            Measure(celsius, percent, pascal);
        }
    }

    protected override byte Load(byte register) =>
        register == Bmp280.IdRegister && Fault == SimulatedFault.WrongChip ? (byte)~_id : base.Load(register);

    protected override void Refresh()
    {
        bool isMeasuring = Fault == SimulatedFault.NotReady || _time.GetElapsedTime(_started) < _conversion;
        Registers[Bmp280.StatusRegister] = isMeasuring ? Bmp280.Measuring : (byte)0;
    }

    protected virtual void Measure(double celsius, double percent, double pascal)
    {
        int temperature = Search(1 << 20, raw => Bmp280Calibration.Celsius(Specimen.FineTemperature(raw)) >= celsius);
        double fine = Specimen.FineTemperature(temperature);
        WriteTwentyBits(Bmp280.DataRegister, Search(1 << 20, raw => Specimen.Pascal(raw, fine) <= pascal));
        WriteTwentyBits(Bmp280.DataRegister + 3, temperature);
    }

    private void PowerUp()
    {
        Array.Clear(Registers);
        _started = _time.GetTimestamp() - _time.TimestampFrequency;
        Registers[Bmp280.IdRegister] = _id;
        WriteTwentyBits(Bmp280.DataRegister, Bmp280.Skipped);
        WriteTwentyBits(Bmp280.DataRegister + 3, Bmp280.Skipped);
        ReadOnlySpan<int> words =
        [
            Specimen.T1, Specimen.T2, Specimen.T3, Specimen.P1, Specimen.P2, Specimen.P3, Specimen.P4, Specimen.P5, Specimen.P6, Specimen.P7,
            Specimen.P8, Specimen.P9,
        ];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(Registers.AsSpan(Bmp280.CalibrationRegister + (2 * i)), unchecked((ushort)words[i]));
        }
    }
}
