using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>A driver and the model of its chip, alone on a bus, and a clock that a test owns.</summary>
internal sealed class ChipRig<TModel> : IDisposable
    where TModel : SimulatedChip
{
    private const int Address = 0x40;
    private readonly SimulatedI2cBus _bus;

    public ChipRig(Func<SimulatedRoom, TimeProvider, TModel> model, Func<I2cDevice, IChip> driver)
    {
        Room = new SimulatedRoom(1, Time);
        Model = model(Room, Time);
        _bus = new SimulatedI2cBus(new Dictionary<int, SimulatedChip> { [Address] = Model });
        Device = _bus.CreateDevice(Address);
        Driver = driver(Device);
    }

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 3, TimeSpan.Zero));

    public SimulatedRoom Room { get; }

    public TModel Model { get; }

    public I2cDevice Device { get; }

    public IChip Driver { get; }

    public void Dispose() => _bus.Dispose();

    /// <summary>One measurement of a chip that is prepared.</summary>
    /// <param name="beforeItIsRead">What happens when the conversion is over.</param>
    public Measured[] Measure(Action? beforeItIsRead = null)
    {
        var values = new Measured[Driver.Quantities.Count];
        Driver.Start();
        Time.Advance(Driver.MeasurementTime);
        beforeItIsRead?.Invoke();
        ChipState state;
        while ((state = Driver.Continue()) == ChipState.Pending)
        {
            Time.Advance(Driver.Pause);
        }
        if (state == ChipState.Ready)
        {
            Driver.Finish(values);
            return values;
        }
        // What the agent makes of it.
        Assert.Equal(ChipState.NotReady, state);
        Array.Fill(values, Measured.None(Quality.NotReady));
        return values;
    }

    /// <summary>Prepares the chip and measures once.</summary>
    public Measured[] PrepareAndMeasure()
    {
        Assert.Equal(ChipState.Ready, Driver.Prepare());
        return Measure();
    }
}
