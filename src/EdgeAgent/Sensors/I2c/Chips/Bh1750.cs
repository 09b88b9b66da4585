using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// ROHM BH1750FVI, technical note 11046EDT01: one measurement at a time in the mode of high resolution, after which the chip sleeps by itself.
/// Each of its commands is one byte and one transfer.
/// <code>
/// answer := illuminance u16be
/// </code>
/// </summary>
internal sealed class Bh1750(I2cDevice device, Bh1750Range range) : IChip
{
    /// <summary>Pin ADDR low and high (slave address, page 10).</summary>
    public static readonly int[] Addresses = [0x23, 0x5C];

    /// <summary>Instruction set, page 5. The measurement time's upper 3 bits and lower 5 bits stand in the commands.</summary>
    internal const byte PowerOn = 0x01, Reset = 0x07, MeasureOnce = 0x20, TimeUpper = 0b01000_000, TimeLower = 0b011_00000;

    /// <summary>The measurement time's register after power-up (page 11), to which 180 ms and 1.2 counts a lux belong.</summary>
    internal const int UsualTime = 69;

    /// <summary>Page 11: the shortest time, for the least sensitivity.</summary>
    internal const int ShortestTime = 31;

    private readonly int _time = range == Bh1750Range.Sunlight ? ShortestTime : UsualTime;

    /// <summary>A count is 0.83 lx, or 1.85 lx in sunlight.</summary>
    public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("illuminance", "lx", 1)];

    /// <summary>Page 2: at most 180 ms. A shorter time is in proportion, yet not more than that.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(180);

    /// <summary>The chip has no identity and no checksum: that something answers is all that can be seen.</summary>
    public ChipState Prepare()
    {
        device.Write([PowerOn]);
        return ChipState.Ready;
    }

    /// <summary>
    /// The reset empties the data register, so that an earlier value never stands for this one; it is taken only while powered on. The time is
    /// set each time, because a chip forgets it with its power.
    /// </summary>
    public void Start()
    {
        device.Write([PowerOn]);
        device.Write([Reset]);
        device.Write([(byte)(TimeUpper | (_time >> 5))]);
        device.Write([(byte)(TimeLower | (_time & 0b11111))]);
        device.Write([MeasureOnce]);
    }

    public void Finish(Span<Measured> values)
    {
        Span<byte> answer = stackalloc byte[2];
        device.Read(answer);
        ushort counts = BinaryPrimitives.ReadUInt16BigEndian(answer);
        // All ones is where counting ends, not a measurement.
        values[0] = counts == ushort.MaxValue ? Measured.None(Quality.OutOfRange) : Measured.Good(Lux(counts, _time));
    }

    /// <summary>Pages 7 and 11: 1.2 counts a lux, in proportion to the time.</summary>
    internal static double Lux(int counts, int time) => counts / 1.2 * UsualTime / time;
}

/// <summary>How bright it may become.</summary>
internal enum Bh1750Range
{
    /// <summary>Up to 54,612 lx: rooms, and outdoors without direct sun.</summary>
    Normal,

    /// <summary>Up to 121,557 lx, in steps of 1.85 lx.</summary>
    Sunlight,
}
