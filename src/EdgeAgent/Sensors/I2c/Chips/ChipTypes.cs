using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>All kinds of chips, by name.</summary>
internal static class ChipTypes
{
    public static ChipType Bme280 { get; } = new(
        "bme280", "Bosch BME280: temperature, humidity, pressure.", Chips.Bme280.Addresses, _ => device => new Bme280(device), (room, time) => new SimulatedBme280(room, time));

    public static ChipType Sht3x { get; } = new(
        "sht3x", "Sensirion SHT30, SHT31, SHT35: temperature, humidity.", Chips.Sht3x.Addresses, _ => device => new Sht3x(device), (room, time) => new SimulatedSht3x(room, time));

    public static IReadOnlyList<ChipType> All { get; } = [Bme280, Sht3x];
}
