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
        (room, time) => new SimulatedBh1750(room, time));

    public static ChipType Bme280 { get; } = new(
        "bme280", "Bosch BME280: temperature, humidity, pressure.", Chips.Bme280.Addresses, _ => device => new Bme280(device), (room, time) => new SimulatedBme280(room, time));

    public static ChipType Bme680 { get; } = new(
        "bme680", "Bosch BME680: temperature, humidity, pressure, gas resistance.", Chips.Bme680.Addresses, _ => device => new Bme680(device),
        (room, time) => new SimulatedBme680(room, time));

    public static ChipType Bmp280 { get; } = new(
        "bmp280", "Bosch BMP280: temperature, pressure.", Chips.Bmp280.Addresses, _ => device => new Bmp280(device), (room, time) => new SimulatedBmp280(room, time));

    public static ChipType Ds3231 { get; } = new(
        "ds3231", "Maxim DS3231: a clock's time and temperature.", Chips.Ds3231.Addresses, _ => device => new Ds3231(device),
        (room, time) => new SimulatedDs3231(room, time));

    public static ChipType Mpu6050 { get; } = new(
        "mpu6050", "InvenSense MPU-6050: acceleration, rotation, temperature.", Chips.Mpu6050.Addresses,
        section =>
        {
            Mpu6050Options options = Mpu6050Options.Read(section);
            return device => new Mpu6050(device, options);
        },
        (room, time) => new SimulatedMpu6050(room, time));

    public static ChipType Scd4x { get; } = new(
        "scd4x", "Sensirion SCD40, SCD41, SCD43: carbon dioxide, temperature, humidity.", Chips.Scd4x.Addresses,
        section =>
        {
            Scd4xOptions options = Scd4xOptions.Read(section);
            return device => new Scd4x(device, options);
        },
        (room, time) => new SimulatedScd4x(room, time));

    public static ChipType Sht3x { get; } = new(
        "sht3x", "Sensirion SHT30, SHT31, SHT35: temperature, humidity.", Chips.Sht3x.Addresses, _ => device => new Sht3x(device), (room, time) => new SimulatedSht3x(room, time));

    public static ChipType Sht4x { get; } = new(
        "sht4x", "Sensirion SHT40, SHT41, SHT43, SHT45: temperature, humidity.", Chips.Sht4x.Addresses, _ => device => new Sht4x(device),
        (room, time) => new SimulatedSht4x(room, time));

    public static ChipType Vl53l0x { get; } = new(
        "vl53l0x", "ST VL53L0X: distance.", Chips.Vl53l0x.Addresses, _ => device => new Vl53l0x(device), (room, time) => new SimulatedVl53l0x(room, time));

    public static IReadOnlyList<ChipType> All { get; } = [Bh1750, Bme280, Bme680, Bmp280, Ds3231, Mpu6050, Scd4x, Sht3x, Sht4x, Vl53l0x];
}
