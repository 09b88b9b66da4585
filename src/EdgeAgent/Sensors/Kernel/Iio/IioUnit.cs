namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>
/// What a type of channel is measured in, as Documentation/ABI/testing/sysfs-bus-iio of the kernel says, and what makes UCUM of it. The ABI's
/// unit holds after offset and scale, and for values that the driver has processed itself.
/// </summary>
/// <param name="Type">The letters that a channel's name begins with.</param>
/// <param name="Unit">UCUM code of the readings.</param>
/// <param name="Factor">The reading for 1 of the ABI's unit.</param>
/// <param name="Decimals">The most that a reading has. Raw values are rounded to what their scale resolves.</param>
internal sealed record IioUnit(string Type, string Unit, double Factor, int Decimals)
{
    public static IReadOnlyList<IioUnit> All { get; } =
    [
        new("voltage", "V", 1e-3, 9), // mV
        new("current", "A", 1e-3, 9), // mA
        new("power", "W", 1e-3, 6), // mW
        new("energy", "J", 1, 3),
        new("temp", "Cel", 1e-3, 4), // m°C
        new("humidityrelative", "%", 1e-3, 3), // m%
        new("pressure", "Pa", 1e3, 2), // kPa
        new("accel", "m/s2", 1, 6),
        new("gravity", "m/s2", 1, 6),
        new("anglvel", "rad/s", 1, 7),
        new("angl", "rad", 1, 6),
        new("incli", "deg", 1, 4),
        new("magn", "uT", 100, 4), // gauss
        new("velocity", "m/s", 1, 4),
        new("illuminance", "lx", 1, 4),
        new("intensity", "", 1, 4),
        new("uvindex", "", 1, 3),
        new("proximity", "", 1, 6), // metres of some drivers, plain counts of most
        new("distance", "m", 1, 6),
        new("positionrelative", "%", 1e-3, 3), // m%
        new("concentration", "[ppm]", 1e4, 3), // %
        new("massconcentration", "ug/m3", 1, 3),
        new("resistance", "Ohm", 1, 3),
        new("capacitance", "nF", 1, 6),
        new("electricalconductivity", "S/m", 1, 7),
        new("ph", "[pH]", 1, 4),
        new("phase", "rad", 1, 6),
        new("count", "", 1, 0),
        new("steps", "", 1, 0),
    ];

    /// <param name="channel">A channel's name: "voltage0", "accel_x", "voltage0-voltage1".</param>
    /// <returns>For a type that is not in the table a number without a unit, as the driver gives it.</returns>
    public static IioUnit Of(string channel)
    {
        string type = TypeOf(channel);
        return All.FirstOrDefault(unit => unit.Type == type) ?? new IioUnit(type, "", 1, 9);
    }

    public static string TypeOf(string channel) => string.Concat(channel.TakeWhile(char.IsAsciiLetter));
}
