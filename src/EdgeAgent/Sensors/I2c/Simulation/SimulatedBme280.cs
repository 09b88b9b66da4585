using System.Buffers.Binary;
using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A BME280 with a register file (datasheet section 5): it converts the room's climate back into raw values.</summary>
internal sealed class SimulatedBme280 : SimulatedChip
{
    /// <summary>Table of appendix B with every oversampling at 1: how long the measuring bit stays set.</summary>
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(9.3);

    /// <summary>A specimen of the usual kind.</summary>
    internal static readonly Bme280Calibration Specimen = new()
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
        H1 = 75,
        H2 = 366,
        H3 = 0,
        H4 = 308,
        H5 = 50,
        H6 = 30,
    };

    private readonly byte[] _registers = new byte[256];
    private readonly SimulatedRoom _room;
    private readonly TimeProvider _time;
    private long _started;
    private byte _pointer;

    public SimulatedBme280(SimulatedRoom room, TimeProvider time)
    {
        _room = room;
        _time = time;
        _started = time.GetTimestamp() - time.TimestampFrequency;
        _registers[Bme280.IdRegister] = Bme280.ChipId;
        WriteCalibration();
        WriteRaw(Bme280.SkippedTwentyBits, Bme280.SkippedTwentyBits, Bme280.SkippedSixteenBits);
    }

    public override void LosePower()
    {
        _registers[Bme280.ControlRegister] = 0;
        WriteRaw(Bme280.SkippedTwentyBits, Bme280.SkippedTwentyBits, Bme280.SkippedSixteenBits);
    }

    /// <summary>A register address, or pairs of an address and a value (section 6.2.1).</summary>
    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        _pointer = bytes[0];
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            _registers[bytes[i]] = bytes[i + 1];
            if (bytes[i] == Bme280.ControlRegister && (bytes[i + 1] & 0b11) is 0b01 or 0b10)
            {
                Measure();
            }
        }
    }

    /// <summary>From the register last addressed on (section 6.2.2).</summary>
    protected override void Give(Span<byte> bytes)
    {
        bool isMeasuring = Fault == SimulatedFault.NotReady || _time.GetElapsedTime(_started) < Conversion;
        _registers[Bme280.StatusRegister] = isMeasuring ? Bme280.Measuring : (byte)0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte register = _pointer++;
            bytes[i] = register == Bme280.IdRegister && Fault == SimulatedFault.WrongChip ? (byte)0x58 : _registers[register];
        }
    }

    private void Measure()
    {
        _started = _time.GetTimestamp();
        (double celsius, double percent, double pascal) = _room.Now();
        // The compensation runs one way only, so the raw values are found by halving: each formula is monotonic in its own.
        int temperature = Search(1 << 20, raw => Bme280Calibration.Celsius(Specimen.FineTemperature(raw)) >= celsius);
        double fine = Specimen.FineTemperature(temperature);
        int pressure = Search(1 << 20, raw => Specimen.Pascal(raw, fine) <= pascal);
        int humidity = Search(1 << 16, raw => Specimen.RelativeHumidity(raw, fine) >= percent);
        WriteRaw(pressure, temperature, humidity);
    }

    private void WriteRaw(int pressure, int temperature, int humidity)
    {
        Span<byte> data = _registers.AsSpan(Bme280.DataRegister, 8);
        WriteTwentyBits(data, pressure);
        WriteTwentyBits(data[3..], temperature);
        BinaryPrimitives.WriteUInt16BigEndian(data[6..], (ushort)humidity);
    }

    private static void WriteTwentyBits(Span<byte> registers, int value)
    {
        registers[0] = (byte)(value >> 12);
        registers[1] = (byte)(value >> 4);
        registers[2] = (byte)(value << 4);
    }

    private void WriteCalibration()
    {
        Span<byte> first = _registers.AsSpan(Bme280.FirstCalibrationRegister, Bme280Calibration.FirstLength);
        ReadOnlySpan<int> words =
        [
            Specimen.T1, Specimen.T2, Specimen.T3, Specimen.P1, Specimen.P2, Specimen.P3, Specimen.P4, Specimen.P5, Specimen.P6, Specimen.P7,
            Specimen.P8, Specimen.P9,
        ];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(first[(2 * i)..], unchecked((ushort)words[i]));
        }
        first[25] = Specimen.H1;
        Span<byte> second = _registers.AsSpan(Bme280.SecondCalibrationRegister, Bme280Calibration.SecondLength);
        BinaryPrimitives.WriteInt16LittleEndian(second, Specimen.H2);
        second[2] = Specimen.H3;
        second[3] = (byte)(Specimen.H4 >> 4);
        second[4] = (byte)((Specimen.H4 & 0x0F) | (Specimen.H5 << 4));
        second[5] = (byte)(Specimen.H5 >> 4);
        second[6] = (byte)Specimen.H6;
    }

    /// <summary>The smallest number below the limit for which the condition, false before it and true after it, holds.</summary>
    private static int Search(int limit, Func<int, bool> holds)
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
