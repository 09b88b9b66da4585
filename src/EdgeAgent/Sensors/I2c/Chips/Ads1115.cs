using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Texas Instruments ADS1115, datasheet SBAS444: 16 bits, one channel at a time, each by a single shot, after which the chip sleeps.
/// All channels of an entry are one measurement of as many conversions.
/// </summary>
internal sealed class Ads1115(I2cDevice device, Ads1115Options options) : IChip
{
    /// <summary>Pin ADDR at GND, VDD, SDA, SCL ("Address pin connection").</summary>
    public static readonly int[] Addresses = [0x48, 0x49, 0x4A, 0x4B];

    /// <summary>MUX, bits 14 to 12 of the configuration.</summary>
    public static readonly AnalogChannel[] Channels =
    [
        new("a0", 4), new("a1", 5), new("a2", 6), new("a3", 7), new("a0-a1", 0), new("a0-a3", 1), new("a1-a3", 2), new("a2-a3", 3),
    ];

    /// <summary>PGA, bits 11 to 9: volts at full scale.</summary>
    public static readonly double[] FullScales = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256];

    /// <summary>DR, bits 7 to 5: conversions a second.</summary>
    public static readonly int[] Rates = [8, 16, 32, 64, 128, 250, 475, 860];

    internal const byte ConversionRegister = 0x00, ConfigurationRegister = 0x01;

    /// <summary>Bit OS. Written: convert once. Read: nothing is being converted.</summary>
    internal const ushort Once = 0x8000, Idle = 0x8000;

    /// <summary>MODE: single shot. COMP_QUE: the comparator is off.</summary>
    private const ushort SingleShot = 0x0100, ComparatorOff = 0b11;

    private readonly double _step = FullScales[options.Gain] / 32_768;
    private readonly Measured[] _measured = new Measured[options.Channels.Count];
    private int _index;

    public IReadOnlyList<Quantity> Quantities { get; } =
        [.. options.Channels.Select(channel => new Quantity(channel.Name, "V", Resolution.Decimals(FullScales[options.Gain] / 32_768)))];

    /// <summary>Of one channel. Its clock may be 10 % slow ("data rate variation"), and it takes 25 µs to wake up for a single shot; rounded up.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromSeconds(1.1 / Rates[options.Rate]) + TimeSpan.FromMicroseconds(100);

    public TimeSpan Pause => MeasurementTime;

    /// <summary>
    /// The chip has no identity; that it keeps all bits of its configuration is what tells it from another. An ADS1015 does so too. A conversion that
    /// still runs is waited for: the chip would take the next channel and not its start, and end the old conversion under the new name.
    /// </summary>
    public ChipState Prepare()
    {
        _index = 0;
        device.WriteWord(ConfigurationRegister, Settings);
        ushort kept = device.ReadWord(ConfigurationRegister);
        return (kept & ~Idle) != Settings ? ChipState.WrongChip
            : (kept & Idle) == 0 ? ChipState.NotReady
            : ChipState.Ready;
    }

    public void Start()
    {
        _index = 0;
        Convert();
    }

    /// <summary>Takes the channel that has been converted, and starts the next.</summary>
    public ChipState Continue()
    {
        // A chip that lost its power has other settings; whatever it holds is no conversion of this channel.
        if (device.ReadWord(ConfigurationRegister) != (Settings | Idle))
        {
            return ChipState.NotReady;
        }
        _measured[_index] = Judge((short)device.ReadWord(ConversionRegister));
        _index++;
        if (_index == _measured.Length)
        {
            return ChipState.Ready;
        }
        Convert();
        return ChipState.Pending;
    }

    public void Finish(Span<Measured> values) => _measured.CopyTo(values);

    private ushort Settings => (ushort)(
        (options.Channels[_index].Code << 12) | (options.Gain << 9) | SingleShot | (options.Rate << 5) | ComparatorOff);

    private void Convert() => device.WriteWord(ConfigurationRegister, (ushort)(Settings | Once));

    /// <summary>"Input signal versus ideal output code": the two codes at the ends stand for everything beyond them.</summary>
    private Measured Judge(short code) =>
        code is short.MaxValue or short.MinValue ? Measured.None(Quality.OutOfRange) : Measured.Good(code * _step);
}
