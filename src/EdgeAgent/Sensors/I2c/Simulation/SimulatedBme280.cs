using System.Buffers.Binary;
using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A BME280 (datasheet section 5): a BMP280 with humidity. Appendix B, with every oversampling at 1: 9.3 ms.</summary>
internal sealed class SimulatedBme280 : SimulatedBmp280
{
    /// <summary>A specimen of the usual kind.</summary>
    internal static readonly Bme280Humidity Humidity = new() { H1 = 75, H2 = 366, H3 = 0, H4 = 308, H5 = 50, H6 = 30 };

    public SimulatedBme280(SimulatedRoom room, TimeProvider time)
        : base(room, time, Bme280.ChipId, TimeSpan.FromMilliseconds(9.3)) => PowerUp();

    public override void LosePower()
    {
        base.LosePower();
        PowerUp();
    }

    protected override void Measure(double celsius, double percent, double pascal)
    {
        base.Measure(celsius, percent, pascal);
        double fine = Specimen.FineTemperature(Bmp280.TwentyBits(Registers.AsSpan(Bmp280.DataRegister + 3)));
        WriteHumidity(Search(1 << 16, raw => Humidity.Percent(raw, fine) >= percent));
    }

    private void PowerUp()
    {
        WriteHumidity(Bme280.HumiditySkipped);
        Registers[Bme280.FirstHumidityRegister] = Humidity.H1;
        Span<byte> second = Registers.AsSpan(Bme280.SecondHumidityRegister, Bme280Humidity.Length);
        BinaryPrimitives.WriteInt16LittleEndian(second, Humidity.H2);
        second[2] = Humidity.H3;
        second[3] = (byte)(Humidity.H4 >> 4);
        second[4] = (byte)((Humidity.H4 & 0x0F) | (Humidity.H5 << 4));
        second[5] = (byte)(Humidity.H5 >> 4);
        second[6] = (byte)Humidity.H6;
    }

    private void WriteHumidity(int raw) => BinaryPrimitives.WriteUInt16BigEndian(Registers.AsSpan(Bmp280.DataRegister + 6), (ushort)raw);
}
