using System.Buffers.Binary;
using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A BME680 with a register file (datasheet section 5): it converts the room's air back into raw values.</summary>
internal sealed class SimulatedBme680 : SimulatedBoschChip
{
    /// <summary>A specimen of the usual kind.</summary>
    internal static readonly Bme680Calibration Specimen = new()
    {
        T1 = 26_203,
        T2 = 26_520,
        T3 = 3,
        P1 = 36_512,
        P2 = -10_341,
        P3 = 88,
        P4 = 7_012,
        P5 = -96,
        P6 = 30,
        P7 = 35,
        P8 = -1_240,
        P9 = -2_810,
        P10 = 30,
        H1 = 766,
        H2 = 1_024,
        H3 = 0,
        H4 = 45,
        H5 = 20,
        H6 = 120,
        H7 = -100,
        G1 = -30,
        G2 = -5_969,
        G3 = 18,
        HeaterValue = 42,
        HeaterRange = 1,
        RangeError = -1,
    };

    /// <summary>100 ms of heat, three conversions and the gas sensor's.</summary>
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(112);

    private readonly SimulatedRoom _room;
    private readonly TimeProvider _time;
    private long _started;
    private bool _hasMeasured;

    public SimulatedBme680(SimulatedRoom room, TimeProvider time)
    {
        (_room, _time) = (room, time);
        PowerUp();
    }

    /// <summary>The converter's slot was a dummy.</summary>
    public bool IsGasMissing { get; set; }

    /// <summary>The plate does not get hot enough.</summary>
    public bool IsHeaterWeak { get; set; }

    public override void LosePower() => PowerUp();

    protected override void Store(byte register, byte value)
    {
        base.Store(register, value);
        if (register == Bme680.ControlRegister && (value & 0b11) == 0b01)
        {
            (_started, _hasMeasured) = (_time.GetTimestamp(), true);
            Measure();
        }
    }

    protected override byte Load(byte register) =>
        register == Bme680.IdRegister && Fault == SimulatedFault.WrongChip ? Bme280.ChipId : base.Load(register);

    protected override void Refresh()
    {
        bool isMeasuring = _hasMeasured && (Fault == SimulatedFault.NotReady || _time.GetElapsedTime(_started) < Conversion);
        Registers[Bme680.DataRegister] = isMeasuring ? Bme680.Measuring : _hasMeasured ? Bme680.NewData : (byte)0;
    }

    private void Measure()
    {
        (double celsius, double percent, double pascal) = _room.Now();
        int temperature = Search(1 << 20, raw => Bme680Calibration.Celsius(Specimen.FineTemperature(raw)) >= celsius);
        double fine = Specimen.FineTemperature(temperature);
        WriteTwentyBits(Bme680.DataRegister + 2, Search(1 << 20, raw => Specimen.Pascal(raw, fine) <= pascal));
        WriteTwentyBits(Bme680.DataRegister + 5, temperature);
        WriteHumidity(Search(1 << 16, raw => Specimen.Percent(raw, celsius) >= percent));
        WriteGas(_room.GasOhm());
    }

    /// <summary>The range in whose middle the resistance lies; there is gas only where it was asked for, by a setting that heats.</summary>
    private void WriteGas(double ohm)
    {
        int range = 0;
        while (range < 15 && Specimen.Ohm(512, range) > ohm * 1.4)
        {
            range++;
        }
        int raw = Search(1 << 10, value => Specimen.Ohm(value, range) <= ohm);
        bool isAsked = (Registers[Bme680.GasControlRegister] & Bme680.RunGas) != 0 && !IsGasMissing;
        bool isHot = Registers[Bme680.HeaterTimeRegister] != 0 && Registers[Bme680.HeaterResistanceRegister] != 0 && !IsHeaterWeak;
        Registers[Bme680.DataRegister + 13] = (byte)(raw >> 2);
        Registers[Bme680.DataRegister + 14] = (byte)((raw << 6) | range | (isAsked ? Bme680.GasValid : 0) | (isHot ? Bme680.HeaterStable : 0));
    }

    private void WriteHumidity(int raw) => BinaryPrimitives.WriteUInt16BigEndian(Registers.AsSpan(Bme680.DataRegister + 8), (ushort)raw);

    private void PowerUp()
    {
        Array.Clear(Registers);
        _hasMeasured = false;
        Registers[Bme680.IdRegister] = Bme680.ChipId;
        WriteTwentyBits(Bme680.DataRegister + 2, Bme680.Skipped);
        WriteTwentyBits(Bme680.DataRegister + 5, Bme680.Skipped);
        WriteHumidity(Bme680.HumiditySkipped);
        WriteSpecimen();
    }

    private void WriteSpecimen()
    {
        Span<byte> first = Registers.AsSpan(Bme680.FirstCalibrationRegister);
        BinaryPrimitives.WriteInt16LittleEndian(first[1..], Specimen.T2);
        first[3] = (byte)Specimen.T3;
        BinaryPrimitives.WriteUInt16LittleEndian(first[5..], Specimen.P1);
        BinaryPrimitives.WriteInt16LittleEndian(first[7..], Specimen.P2);
        first[9] = (byte)Specimen.P3;
        BinaryPrimitives.WriteInt16LittleEndian(first[11..], Specimen.P4);
        BinaryPrimitives.WriteInt16LittleEndian(first[13..], Specimen.P5);
        first[15] = (byte)Specimen.P7;
        first[16] = (byte)Specimen.P6;
        BinaryPrimitives.WriteInt16LittleEndian(first[19..], Specimen.P8);
        BinaryPrimitives.WriteInt16LittleEndian(first[21..], Specimen.P9);
        first[23] = Specimen.P10;
        Span<byte> second = Registers.AsSpan(Bme680.SecondCalibrationRegister);
        second[0] = (byte)(Specimen.H2 >> 4);
        second[1] = (byte)((Specimen.H2 << 4) | (Specimen.H1 & 0x0F));
        second[2] = (byte)(Specimen.H1 >> 4);
        second[3] = (byte)Specimen.H3;
        second[4] = (byte)Specimen.H4;
        second[5] = (byte)Specimen.H5;
        second[6] = Specimen.H6;
        second[7] = (byte)Specimen.H7;
        BinaryPrimitives.WriteUInt16LittleEndian(second[8..], Specimen.T1);
        BinaryPrimitives.WriteInt16LittleEndian(second[10..], Specimen.G2);
        second[12] = (byte)Specimen.G1;
        second[13] = (byte)Specimen.G3;
        Registers[0x00] = (byte)Specimen.HeaterValue;
        Registers[0x02] = (byte)(Specimen.HeaterRange << 4);
        Registers[0x04] = (byte)(Specimen.RangeError << 4);
    }
}
