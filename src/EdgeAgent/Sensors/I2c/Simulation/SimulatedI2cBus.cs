using System.Collections.Concurrent;
using System.Device.I2c;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A bus without wires: the real drivers talk to chips that are modelled down to their registers.</summary>
internal sealed class SimulatedI2cBus(IReadOnlyDictionary<int, SimulatedChip> chips) : I2cBus
{
    private readonly ConcurrentDictionary<int, SimulatedChip> _chips = new(chips);

    /// <summary>With all sensors of an entry, in one room.</summary>
    public static SimulatedI2cBus Create(I2cBusOptions options, TimeProvider time)
    {
        var room = new SimulatedRoom(options.Seed, time);
        return new SimulatedI2cBus(options.Sensors.ToDictionary(sensor => sensor.Address, sensor => sensor.Chip.Simulate(room, time)));
    }

    /// <summary>Puts a chip on the bus, instead of the one that has its address.</summary>
    public void Attach(int address, SimulatedChip chip) => _chips[address] = chip;

    public void Detach(int address) => _chips.TryRemove(address, out _);

    public override I2cDevice CreateDevice(int deviceAddress) => new Device(this, deviceAddress);

    /// <summary>Nothing is kept of a device.</summary>
    public override void RemoveDevice(int deviceAddress)
    {
    }

    private SimulatedChip At(int address) =>
        _chips.TryGetValue(address, out SimulatedChip? chip) ? chip : throw new IOException($"Nothing is at the simulated address 0x{address:x2}.", 121);

    private sealed class Device(SimulatedI2cBus bus, int address) : I2cDevice
    {
        public override I2cConnectionSettings ConnectionSettings { get; } = new(0, address);

        public override void Read(Span<byte> buffer) => bus.At(address).Read(buffer);

        public override void Write(ReadOnlySpan<byte> buffer) => bus.At(address).Write(buffer);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            bus.At(address).Write(writeBuffer);
            bus.At(address).Read(readBuffer);
        }
    }
}
