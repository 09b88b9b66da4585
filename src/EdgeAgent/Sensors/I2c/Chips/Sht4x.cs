using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Sensirion SHT4x (SHT40, SHT41, SHT43, SHT45), datasheet version 6: single shots of high precision, the heater never on. Its commands have
/// one byte.
/// <code>
/// answer := word(temperature) word(humidity)        word := see SensirionWord
/// serial := word word
/// </code>
/// </summary>
internal sealed class Sht4x(I2cDevice device) : IChip
{
    /// <summary>By the letter in the part's name: A, B, C (section 2.5).</summary>
    public static readonly int[] Addresses = [0x44, 0x45, 0x46];

    /// <summary>Table 8: measure with high precision; read the serial number.</summary>
    internal const byte Measure = 0xFD, ReadSerial = 0x89;

    private static readonly TimeSpan CommandTime = TimeSpan.FromMilliseconds(1);

    private bool _isSerialAsked;

    public IReadOnlyList<Quantity> Quantities { get; } = [Sht3x.Temperature, Sht3x.Humidity];

    /// <summary>Table 5: at most 8.3 ms at high repeatability, rounded up.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(9);

    /// <summary>Section 4.3: no read follows a command sooner than a millisecond.</summary>
    public TimeSpan Pause => CommandTime;

    /// <summary>By its serial number, as in <see cref="Prepare"/>.</summary>
    public static bool IsRecognised(I2cDevice device, Action<TimeSpan> pause)
    {
        Span<byte> serial = stackalloc byte[2 * SensirionWord.Length];
        device.Write([ReadSerial]);
        pause(CommandTime);
        device.Read(serial);
        return SensirionWord.AreSound(serial);
    }

    /// <summary>The chip has no identity; a serial number with right checksums is what tells it from something else, such as an SHT3x.</summary>
    public ChipState Prepare()
    {
        if (!_isSerialAsked)
        {
            device.Write([ReadSerial]);
            _isSerialAsked = true;
            return ChipState.Pending;
        }
        _isSerialAsked = false;
        Span<byte> serial = stackalloc byte[2 * SensirionWord.Length];
        device.Read(serial);
        return SensirionWord.AreSound(serial) ? ChipState.Ready : ChipState.Checksum;
    }

    public void Start() => device.Write([Measure]);

    /// <remarks>A chip that has not finished, or has lost its power since, does not acknowledge the read: that is an <see cref="IOException"/> too.</remarks>
    public void Finish(Span<Measured> values)
    {
        Span<byte> answer = stackalloc byte[2 * SensirionWord.Length];
        device.Read(answer);
        values[0] = SensirionWord.TryRead(answer, out ushort temperature) ? Measured.Good(Sht3x.Celsius(temperature)) : Measured.None(Quality.Checksum);
        values[1] = SensirionWord.TryRead(answer[SensirionWord.Length..], out ushort humidity)
            ? Measured.Good(Percent(humidity)) : Measured.None(Quality.Checksum);
    }

    /// <summary>Section 4.6: the scale goes a little beyond 0 and 100 so that the ends are not cut off in the chip; beyond them it means nothing.</summary>
    internal static double Percent(ushort word) => Math.Clamp(-6.0 + (125.0 * word / 65_535.0), 0.0, 100.0);
}
