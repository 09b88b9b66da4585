using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>The thermometers that descend from the LM75; see <see cref="Lm75Model"/> for what each of them is.</summary>
internal sealed class Lm75(I2cDevice device, Lm75Model model) : IChip
{
    internal const byte TemperatureRegister = 0x00, ConfigurationRegister = 0x01;

    public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("temperature", "Cel", Resolution.Decimals(model.Step))];

    public TimeSpan MeasurementTime => model.Conversion;

    /// <summary>
    /// None of them has an identity; that it keeps its configuration is what tells it from chips of other families. Which of the family it is
    /// cannot be told.
    /// </summary>
    public ChipState Prepare()
    {
        Configure(model.Configuration);
        return IsKept(ReadConfiguration()) ? ChipState.Ready : ChipState.WrongChip;
    }

    public void Start() => Configure((ushort)(model.Configuration | model.Once));

    public void Finish(Span<Measured> values)
    {
        ushort configuration = ReadConfiguration();
        bool isReady = IsKept(configuration) && (configuration & model.Done) == model.Done;
        values[0] = isReady
            ? model.Range.Judge(model.Celsius(device.ReadWord(TemperatureRegister)))
            : Measured.None(Quality.NotReady);
    }

    private bool IsKept(ushort configuration) => ((configuration ^ model.Configuration) & model.Kept) == 0;

    private void Configure(ushort configuration)
    {
        ReadOnlySpan<byte> bytes = [ConfigurationRegister, (byte)(configuration >> 8), (byte)configuration];
        device.Write(bytes[..(1 + model.ConfigurationBytes)]);
    }

    private ushort ReadConfiguration()
    {
        Span<byte> bytes = stackalloc byte[2];
        bytes.Clear();
        device.WriteRead([ConfigurationRegister], bytes[..model.ConfigurationBytes]);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }
}
