using System.Device.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Chips.Registers;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class ChipAllocationTests
{
    public static TheoryData<string> Names => ["ads1115", "pcf8591", "ina219", "ina226", "mcp9808", "lm75", "registers"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_measurement_allocates_nothing(string name)
    {
        using var device = new EchoingDevice();
        IChip chip = Driver(name, device);
        var values = new Measured[chip.Quantities.Count];
        for (int i = 0; i < 10; i++)
        {
            Measure(chip, values);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Measure(chip, values);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(device.Transfers > 1_000);
    }

    private static void Measure(IChip chip, Measured[] values)
    {
        chip.Start();
        while (chip.Continue() == ChipState.Pending)
        {
        }
        chip.Finish(values);
    }

    private static IChip Driver(string name, I2cDevice device) => name switch
    {
        "ads1115" => new Ads1115(device, new Ads1115Options()),
        "pcf8591" => new Pcf8591(device, Pcf8591.Channels, 3.3),
        "ina219" => new Ina219(device, new ShuntOptions(0.1, 3.2)),
        "ina226" => new Ina226(device, new ShuntOptions(0.1, 0.8)),
        "mcp9808" => new Mcp9808(device),
        "lm75" => new Lm75(device, Lm75Model.Tmp102),
        _ => new DescribedChip(device, new ChipDescription
        {
            CountsOn = true,
            Start = [0x40, 0x01],
            Ready = new RegisterMatch(new RegisterWord(0x40, 1, false), 0, 0),
            Checksum = new RegisterChecksum(ChecksumKind.Xor),
            Values =
            [
                new RegisterValue { Quantity = new Quantity("a", "", 0), Word = new RegisterWord(0x10, 2, false), Bits = 16, NotReady = [0x8000] },
                new RegisterValue { Quantity = new Quantity("b", "", 0), Word = new RegisterWord(0x13, 3, true), Bits = 24, IsSigned = true },
            ],
        }),
    };

    /// <summary>Answers with what was written last, which keeps a configuration, and an ADS1115 from waiting.</summary>
    private sealed class EchoingDevice : I2cDevice
    {
        private readonly byte[] _written = new byte[2];

        public int Transfers { get; private set; }

        public override I2cConnectionSettings ConnectionSettings { get; } = new(0, 0x40);

        public override void Read(Span<byte> buffer)
        {
            Transfers++;
            for (int i = 0; i < buffer.Length; i++)
            {
                buffer[i] = _written[i % 2];
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Transfers++;
            if (buffer.Length == 3)
            {
                buffer[1..].CopyTo(_written);
            }
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => Read(readBuffer);
    }
}
