namespace EdgeAgent.Sensors.Kernel.Hwmon;

/// <summary>What a type of channel is measured in, as Documentation/hwmon/sysfs-interface.rst of the kernel says, and what makes UCUM of it.</summary>
/// <param name="Type">The letters that a channel's name begins with.</param>
/// <param name="Attribute">How the name of its value's file ends.</param>
/// <param name="Unit">UCUM code of the readings.</param>
/// <param name="Factor">The reading for 1 of the kernel's unit.</param>
/// <param name="Decimals">Decimal places of a reading: as many as the kernel's whole numbers have.</param>
internal sealed record HwmonUnit(string Type, string Attribute, string Unit, double Factor, int Decimals)
{
    public static IReadOnlyList<HwmonUnit> All { get; } =
    [
        new("temp", "_input", "Cel", 1e-3, 3), // m°C
        new("humidity", "_input", "%", 1e-3, 3), // m%
        new("in", "_input", "V", 1e-3, 3), // mV
        new("curr", "_input", "A", 1e-3, 3), // mA
        new("power", "_input", "W", 1e-6, 6), // µW
        new("power", "_average", "W", 1e-6, 6), // chips that have no momentary one
        new("energy", "_input", "J", 1e-6, 6), // µJ
        new("fan", "_input", "/min", 1, 0), // revolutions a minute
        new("freq", "_input", "Hz", 1, 0),
    ];
}
