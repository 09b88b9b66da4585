using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>A kind of chip that the agent can read.</summary>
/// <param name="Name">Key <c>chip</c> of the configuration.</param>
/// <param name="Description">Maker, names and what it measures, for documents.</param>
/// <param name="Addresses">The 7-bit addresses it can have; the first is the default.</param>
/// <param name="ReadOptions">Reads what the chip's entry says beyond the keys of every chip, and gives what makes its driver.</param>
/// <param name="Simulate">A model of it down to its registers.</param>
internal sealed record ChipType(
    string Name,
    string Description,
    IReadOnlyList<int> Addresses,
    Func<ConfigSection, Func<I2cDevice, IChip>> ReadOptions,
    Func<SimulatedRoom, TimeProvider, SimulatedChip> Simulate)
{
    /// <summary>How a scan knows it. Null: nothing in it tells it from others without a write.</summary>
    public ChipIdentity? Identity { get; init; }

    /// <summary>
    /// Any byte that is written to it is a command or a setting, a register's number meant for another chip too. A scan only reads from its addresses,
    /// whatever else may be there.
    /// </summary>
    public bool ObeysAnyByte { get; init; }

    /// <summary>Its driver with the defaults of all its keys.</summary>
    /// <param name="driver">The driver; of no use where something is missing.</param>
    /// <param name="missing">Keys that have no default, such as a shunt, which only a person can know.</param>
    public bool TryReadDefaults(out Func<I2cDevice, IChip> driver, out IReadOnlyList<string> missing)
    {
        var reading = new ConfigReading(Name, "/");
        driver = ReadOptions(reading.Open(new ConfigNode(ConfigNodeKind.Section, "", new ConfigPosition(1, 1))));
        missing = [.. reading.Errors.InOrder().Select(error => error.Pointer.TrimStart('/'))];
        return missing.Count == 0;
    }
}
