using System.Device.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>A chip that always measures 42, with one transfer to start and one to read.</summary>
internal sealed class FakeChip(I2cDevice device, TimeSpan conversion) : IChip
{
    /// <summary>What it measures next.</summary>
    public Measured Next { get; set; } = Measured.Good(42);

    public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("answer", "", 0)];

    public TimeSpan MeasurementTime => conversion;

    /// <summary>Bytes that the thread which reads the chip has allocated in its life.</summary>
    public long AllocatedAtFinish { get; private set; }

    public ChipState Prepare() => ChipState.Ready;

    public void Start() => device.Write([1]);

    public void Finish(Span<Measured> values)
    {
        Span<byte> one = stackalloc byte[1];
        device.Read(one);
        values[0] = Next;
        AllocatedAtFinish = GC.GetAllocatedBytesForCurrentThread();
    }
}
