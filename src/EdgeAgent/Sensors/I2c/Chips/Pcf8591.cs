using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// NXP PCF8591, datasheet of June 2013: 8 bits, four inputs. Its analog output stays off. Each read gives the conversion before it and starts
/// the next, so that the first byte of every read is old and thrown away ("A/D conversion").
/// <code>
/// control := 0  AOE = 0  inputs (2 bits)  0  AI = 0  channel (2 bits)
/// </code>
/// </summary>
/// <param name="device">The chip.</param>
/// <param name="channels">What is measured.</param>
/// <param name="reference">Volts between VREF and AGND.</param>
internal sealed class Pcf8591(I2cDevice device, IReadOnlyList<AnalogChannel> channels, double reference) : IChip
{
    /// <summary>Pins A2 to A0.</summary>
    public static readonly int[] Addresses = [0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F];

    /// <summary>Control bytes ("control byte"): inputs 00 has four against ground, 01 three against a3, 11 two pairs.</summary>
    public static readonly AnalogChannel[] Channels =
    [
        new("a0", 0x00), new("a1", 0x01), new("a2", 0x02), new("a3", 0x03),
        new("a0-a3", 0x10), new("a1-a3", 0x11), new("a2-a3", 0x12), new("a0-a1", 0x30),
    ];

    /// <summary>Every channel with a difference has the bit of the inputs 01 set.</summary>
    internal const byte Difference = 0x10;

    public IReadOnlyList<Quantity> Quantities { get; } =
        [.. channels.Select(channel => new Quantity(channel.Name, "V", Resolution.Decimals(reference / 256)))];

    /// <summary>A conversion takes as long as the byte before it on the wire.</summary>
    public TimeSpan MeasurementTime => TimeSpan.Zero;

    public static Func<I2cDevice, IChip> ReadOptions(ConfigSection section)
    {
        IReadOnlyList<AnalogChannel> channels = AnalogChannel.Read(section, Channels);
        // What a Raspberry Pi feeds it with, and what its boards tie the reference to.
        double reference = section.Number("reference", 0.1, 6) ?? 3.3;
        return device => new Pcf8591(device, channels, reference);
    }

    /// <summary>The chip has neither an identity nor a register that could be read back: all that can be told is that something answers.</summary>
    public ChipState Prepare()
    {
        device.ReadByte();
        return ChipState.Ready;
    }

    public void Start()
    {
    }

    public void Finish(Span<Measured> values)
    {
        Span<byte> codes = stackalloc byte[2];
        for (int i = 0; i < channels.Count; i++)
        {
            device.WriteRead([channels[i].Code], codes);
            values[i] = Convert(codes[1], isDifference: (channels[i].Code & Difference) != 0);
        }
    }

    /// <summary>
    /// "A/D conversion characteristics" of single-ended and differential inputs. The codes at the ends stand for everything beyond them; 0 V against ground is the one end that an input really has.
    /// </summary>
    private Measured Convert(byte code, bool isDifference)
    {
        bool isBeyond = isDifference ? code is 0x7F or 0x80 : code == 0xFF;
        return isBeyond ? Measured.None(Quality.OutOfRange) : Measured.Good((isDifference ? (sbyte)code : code) * reference / 256);
    }
}
