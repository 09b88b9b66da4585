using System.Globalization;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel.OneWire;

/// <summary>
/// What the kernel's w1_therm driver writes into <c>w1_slave</c> (Documentation/w1/slaves/w1_therm.rst): the nine bytes of the sensor's
/// scratchpad twice, the second time with the temperature in m°C.
/// <code>
/// text := bytes ": crc=" hex " " ("YES" | "NO") LF bytes "t=" integer LF
/// bytes := 9 × (hex " ")              temperature (2), alarms (2), configuration, reserved (3), CRC-8
/// </code>
/// </summary>
internal static class ScratchpadText
{
    /// <summary>What a DS18B20 holds from the moment it has power until its first conversion: 85 °C (datasheet, "Operation: Measuring Temperature").</summary>
    public const double PowerUp = 85.0;

    private const double PerDegree = 1e-3;

    /// <returns>The temperature in °C, or why there is none. <see cref="PowerUp"/> is a value here.</returns>
    public static Measured Read(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            // The driver's way to say that nobody answered, or never with the right checksum, in five attempts.
            return Measured.None(Quality.NoResponse);
        }
        int verdict = text.IndexOf("crc="u8);
        int temperature = text.IndexOf("t="u8);
        if (verdict < 0 || temperature < verdict)
        {
            return Measured.None(Quality.Failed);
        }
        // Zeros have the right checksum, of a data line that is shorted to ground; ones come where nobody pulls it down.
        if (IsAll(text, "00"u8) || IsAll(text, "ff"u8))
        {
            return Measured.None(Quality.NoResponse);
        }
        if (text[verdict..temperature].IndexOf(" YES"u8) < 0)
        {
            return Measured.None(Quality.Checksum);
        }
        return int.TryParse(text[(temperature + 2)..].TrimEnd("\n\0"u8), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int thousandths)
            ? Measured.Good(thousandths * PerDegree)
            : Measured.None(Quality.Failed);
    }

    private static bool IsAll(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value)
    {
        int bytes = 0;
        while (Utf8Fields.TryNext(ref text, out ReadOnlySpan<byte> field) && field.SequenceEqual(value))
        {
            bytes++;
        }
        return bytes == 9;
    }
}
