using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.I2c.Chips.Registers;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>All kinds of chips, by name.</summary>
internal static class ChipTypes
{
    public static ChipType Bme280 { get; } = new(
        "bme280", "Bosch BME280: temperature, humidity, pressure.", Chips.Bme280.Addresses, _ => device => new Bme280(device), (room, time) => new SimulatedBme280(room, time));

    public static ChipType Sht3x { get; } = new(
        "sht3x", "Sensirion SHT30, SHT31, SHT35: temperature, humidity.", Chips.Sht3x.Addresses, _ => device => new Sht3x(device), (room, time) => new SimulatedSht3x(room, time));

    public static ChipType Ads1115 { get; } = new(
        "ads1115", "Texas Instruments ADS1115: four inputs, 16 bits.", Chips.Ads1115.Addresses, ReadAds1115, (room, time) => new SimulatedAds1115(room, time));

    public static ChipType Pcf8591 { get; } = new(
        "pcf8591", "NXP PCF8591: four inputs, 8 bits.", Chips.Pcf8591.Addresses, Chips.Pcf8591.ReadOptions, (room, _) => new SimulatedPcf8591(room));

    public static ChipType Ina219 { get; } = new(
        "ina219", "Texas Instruments INA219: voltage, current, power.", Chips.Ina219.Addresses, ReadIna219, (room, time) => new SimulatedIna219(room, time));

    public static ChipType Ina226 { get; } = new(
        "ina226", "Texas Instruments INA226: voltage, current, power.", Chips.Ina226.Addresses, ReadIna226, (room, time) => new SimulatedIna226(room, time));

    public static ChipType Mcp9808 { get; } = new(
        "mcp9808", "Microchip MCP9808: temperature.", Chips.Mcp9808.Addresses, _ => device => new Mcp9808(device), (room, time) => new SimulatedMcp9808(room, time));

    public static ChipType Lm75 { get; } = Thermometer("lm75", "LM75, LM75A: temperature, 9 bits.", Lm75Model.Lm75);

    public static ChipType Lm75B { get; } = Thermometer("lm75b", "NXP LM75B: temperature, 11 bits.", Lm75Model.Lm75B);

    public static ChipType Tmp75 { get; } = Thermometer("tmp75", "Texas Instruments TMP75: temperature, 12 bits.", Lm75Model.Tmp75);

    public static ChipType Tmp102 { get; } = Thermometer("tmp102", "Texas Instruments TMP102: temperature, 13 bits.", Lm75Model.Tmp102);

    public static ChipType Tmp112 { get; } = Thermometer("tmp112", "Texas Instruments TMP112: temperature, 13 bits.", Lm75Model.Tmp112);

    /// <summary>Any address that is not reserved by the bus itself.</summary>
    public static ChipType Registers { get; } = new(
        "registers", "A chip that the entry itself describes.", [.. Enumerable.Range(0x08, 0x70)], ChipDescriptionReader.ReadDriver, (_, _) => new SimulatedAbsence());

    public static IReadOnlyList<ChipType> All { get; } =
        [Bme280, Sht3x, Ads1115, Pcf8591, Ina219, Ina226, Mcp9808, Lm75, Lm75B, Tmp75, Tmp102, Tmp112, Registers];

    private static Func<I2cDevice, IChip> ReadAds1115(ConfigSection section)
    {
        var options = Ads1115Options.Read(section);
        return device => new Ads1115(device, options);
    }

    private static Func<I2cDevice, IChip> ReadIna219(ConfigSection section)
    {
        var shunt = ShuntOptions.Read(section, Chips.Ina219.ShuntFullScale);
        return device => new Ina219(device, shunt);
    }

    private static Func<I2cDevice, IChip> ReadIna226(ConfigSection section)
    {
        var shunt = ShuntOptions.Read(section, Chips.Ina226.ShuntFullScale);
        return device => new Ina226(device, shunt);
    }

    private static ChipType Thermometer(string name, string description, Lm75Model model) =>
        new(name, description, model.Addresses, _ => device => new Lm75(device, model), (room, time) => new SimulatedLm75(model, room, time));
}
