using System.Device.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Tests.Scanning;

/// <summary>A simulated bus that keeps what was sent to each address, and whether it was only read from.</summary>
internal sealed class RecordingBus(IReadOnlyDictionary<int, SimulatedChip> chips) : I2cBus
{
    private readonly SimulatedI2cBus _bus = new(chips);

    public List<(int Address, byte[] Bytes)> Writes { get; } = [];

    public HashSet<int> Touched { get; } = [];

    public static RecordingBus Of(TimeProvider time, params (ChipType Type, int Address)[] chips) =>
        new(chips.ToDictionary(chip => chip.Address, chip => chip.Type.Simulate(new SimulatedRoom(1, time), time)));

    public override I2cDevice CreateDevice(int deviceAddress) => new Device(this, _bus.CreateDevice(deviceAddress), deviceAddress);

    public override void RemoveDevice(int deviceAddress)
    {
    }

    private sealed class Device(RecordingBus bus, I2cDevice device, int address) : I2cDevice
    {
        public override I2cConnectionSettings ConnectionSettings => device.ConnectionSettings;

        public override void Read(Span<byte> buffer)
        {
            bus.Touched.Add(address);
            device.Read(buffer);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            bus.Touched.Add(address);
            bus.Writes.Add((address, buffer.ToArray()));
            device.Write(buffer);
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            bus.Touched.Add(address);
            bus.Writes.Add((address, writeBuffer.ToArray()));
            device.WriteRead(writeBuffer, readBuffer);
        }
    }
}
