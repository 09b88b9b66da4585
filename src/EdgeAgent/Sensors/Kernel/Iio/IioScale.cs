using System.Globalization;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>
/// What makes the ABI's unit of a raw value: <c>(raw + offset) × scale</c>. Each of the two stands in a file of the channel, or in one that
/// all channels of its type share, or in one of all channels; without any it is 0 and 1.
/// </summary>
internal readonly record struct IioScale(double Scale, double Offset)
{
    /// <param name="folder">The device's folder.</param>
    /// <param name="channel">The channel's name: "voltage0", "accel_x", "voltage0-voltage1".</param>
    public static IioScale Read(string folder, string channel) => new(Attribute(folder, channel, "scale") ?? 1, Attribute(folder, channel, "offset") ?? 0);

    /// <summary>Decimal places of a reading that tell a raw value from its neighbour: one more than the step of 1 has before its first digit.</summary>
    /// <param name="factor">From the ABI's unit to that of the reading.</param>
    public int Decimals(double factor) => (int)Math.Clamp(Math.Ceiling(-Math.Log10(Math.Abs(Scale * factor))) + 1, 0, 15);

    private static double? Attribute(string folder, string channel, string attribute)
    {
        string type = IioUnit.TypeOf(channel);
        // A differential channel's shared files name the type twice: in_voltage-voltage_scale.
        string shared = channel.Contains('-', StringComparison.Ordinal) ? $"{type}-{type}" : type;
        foreach (string name in (ReadOnlySpan<string>)[$"in_{channel}_{attribute}", $"in_{shared}_{attribute}", $"in_{attribute}", attribute])
        {
            if (KernelText.TryRead(Path.Join(folder, name)) is { } text
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            {
                return number;
            }
        }
        return null;
    }
}
