using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.I2c.Chips.Registers;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>All kinds of chips, by name.</summary>
internal static class ChipTypes
{
    public static ChipType Bh1750 { get; } = new(
        "bh1750", "ROHM BH1750FVI: light.", Chips.Bh1750.Addresses,
        section =>
        {
            Bh1750Range range = section.Choice("range", Bh1750Range.Normal, ("normal", Bh1750Range.Normal), ("sunlight", Bh1750Range.Sunlight));
            return device => new Bh1750(device, range);
        },
        (room, time) => new SimulatedBh1750(room, time))
    {
        ObeysAnyByte = true,
    };

    public static ChipType Bme280 { get; } = new(
        "bme280", "Bosch BME280: temperature, humidity, pressure.", Chips.Bme280.Addresses, _ => device => new Bme280(device), (room, time) => new SimulatedBme280(room, time))
    {
        Identity = ChipIdentity.OfRegisters(Chips.Bme280.IsRecognised),
    };

    public static ChipType Bme680 { get; } = new(
        "bme680", "Bosch BME680: temperature, humidity, pressure, gas resistance.", Chips.Bme680.Addresses, _ => device => new Bme680(device),
        (room, time) => new SimulatedBme680(room, time))
    {
        Identity = ChipIdentity.OfRegisters(Chips.Bme680.IsRecognised),
    };

    public static ChipType Bmp280 { get; } = new(
        "bmp280", "Bosch BMP280: temperature, pressure.", Chips.Bmp280.Addresses, _ => device => new Bmp280(device), (room, time) => new SimulatedBmp280(room, time))
    {
        Identity = ChipIdentity.OfRegisters(Chips.Bmp280.IsRecognised),
    };

    public static ChipType Ds3231 { get; } = new(
        "ds3231", "Maxim DS3231: a clock's time and temperature.", Chips.Ds3231.Addresses, _ => device => new Ds3231(device),
        (room, time) => new SimulatedDs3231(room, time))
    {
        Identity = ChipIdentity.OfRegisters(Chips.Ds3231.IsRecognised),
    };

    public static ChipType Mpu6050 { get; } = new(
        "mpu6050", "InvenSense MPU-6050: acceleration, rotation, temperature.", Chips.Mpu6050.Addresses,
        section =>
        {
            Mpu6050Options options = Mpu6050Options.Read(section);
            return device => new Mpu6050(device, options);
        },
        (room, time) => new SimulatedMpu6050(room, time))
    {
        Identity = ChipIdentity.OfRegisters(Chips.Mpu6050.IsRecognised),
    };

    public static ChipType Scd4x { get; } = new(
        "scd4x", "Sensirion SCD40, SCD41, SCD43: carbon dioxide, temperature, humidity.", Chips.Scd4x.Addresses,
        section =>
        {
            Scd4xOptions options = Scd4xOptions.Read(section);
            return device => new Scd4x(device, options);
        },
        (room, time) => new SimulatedScd4x(room, time))
    {
        Identity = ChipIdentity.OfCommands(Chips.Scd4x.IsRecognised),
    };

    public static ChipType Sht3x { get; } = new(
        "sht3x", "Sensirion SHT30, SHT31, SHT35: temperature, humidity.", Chips.Sht3x.Addresses, _ => device => new Sht3x(device), (room, time) => new SimulatedSht3x(room, time))
    {
        Identity = ChipIdentity.OfCommands((device, _) => Chips.Sht3x.IsRecognised(device)),
    };

    public static ChipType Sht4x { get; } = new(
        "sht4x", "Sensirion SHT40, SHT41, SHT43, SHT45: temperature, humidity.", Chips.Sht4x.Addresses, _ => device => new Sht4x(device),
        (room, time) => new SimulatedSht4x(room, time))
    {
        Identity = ChipIdentity.OfCommands(Chips.Sht4x.IsRecognised),
    };

    public static ChipType Vl53l0x { get; } = new(
        "vl53l0x", "ST VL53L0X: distance.", Chips.Vl53l0x.Addresses, _ => device => new Vl53l0x(device), (room, time) => new SimulatedVl53l0x(room, time))
    {
        Identity = ChipIdentity.OfRegisters(Chips.Vl53l0x.IsRecognised),
    };

    public static ChipType Ads1115 { get; } = new(
        "ads1115", "Texas Instruments ADS1115: four inputs, 16 bits.", Chips.Ads1115.Addresses, ReadAds1115, (room, time) => new SimulatedAds1115(room, time));

    public static ChipType Pcf8591 { get; } = new(
        "pcf8591", "NXP PCF8591: four inputs, 8 bits.", Chips.Pcf8591.Addresses, Chips.Pcf8591.ReadOptions, (room, _) => new SimulatedPcf8591(room))
    {
        ObeysAnyByte = true,
    };

    public static ChipType Ina219 { get; } = new(
        "ina219", "Texas Instruments INA219: voltage, current, power.", Chips.Ina219.Addresses, ReadIna219, (room, time) => new SimulatedIna219(room, time));

    public static ChipType Ina226 { get; } = new(
        "ina226", "Texas Instruments INA226: voltage, current, power.", Chips.Ina226.Addresses, ReadIna226, (room, time) => new SimulatedIna226(room, time))
    {
        Identity = ChipIdentity.OfRegisters(Chips.Ina226.IsRecognised),
    };

    public static ChipType Mcp9808 { get; } = new(
        "mcp9808", "Microchip MCP9808: temperature.", Chips.Mcp9808.Addresses, _ => device => new Mcp9808(device), (room, time) => new SimulatedMcp9808(room, time))
    {
        Identity = ChipIdentity.OfRegisters(Chips.Mcp9808.IsRecognised),
    };

    public static ChipType Lm75 { get; } = Thermometer("lm75", "LM75, LM75A: temperature, 9 bits.", Lm75Model.Lm75);

    public static ChipType Lm75B { get; } = Thermometer("lm75b", "NXP LM75B: temperature, 11 bits.", Lm75Model.Lm75B);

    public static ChipType Tmp75 { get; } = Thermometer("tmp75", "Texas Instruments TMP75: temperature, 12 bits.", Lm75Model.Tmp75);

    public static ChipType Tmp102 { get; } = Thermometer("tmp102", "Texas Instruments TMP102: temperature, 13 bits.", Lm75Model.Tmp102);

    public static ChipType Tmp112 { get; } = Thermometer("tmp112", "Texas Instruments TMP112: temperature, 13 bits.", Lm75Model.Tmp112);

    /// <summary>Any address that is not reserved by the bus itself.</summary>
    public static ChipType Registers { get; } = new(
        "registers", "A chip that the entry itself describes.", [.. Enumerable.Range(0x08, 0x70)], ChipDescriptionReader.ReadDriver, (_, _) => new SimulatedAbsence());

    public static IReadOnlyList<ChipType> All { get; } =
        [
            Ads1115, Bh1750, Bme280, Bme680, Bmp280, Ds3231, Ina219, Ina226, Lm75, Lm75B, Mcp9808, Mpu6050, Pcf8591, Scd4x, Sht3x, Sht4x, Tmp75, Tmp102, Tmp112,
            Vl53l0x, Registers,
        ];

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
