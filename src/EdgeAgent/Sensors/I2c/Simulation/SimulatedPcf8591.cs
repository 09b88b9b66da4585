using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A PCF8591 with 3.3 V for its reference: each byte that is read is the conversion before it, and starts the next.</summary>
internal sealed class SimulatedPcf8591(SimulatedRoom room) : SimulatedChip
{
    private const double Reference = 3.3;

    /// <summary>The first byte after the power has come on.</summary>
    private const byte AfterReset = 0x80;

    private byte _control;
    private byte _converted = AfterReset;

    public SimulatedInputs Inputs { get; } = new(room);

    public override void LosePower() => (_control, _converted) = (0, AfterReset);

    protected override void Take(ReadOnlySpan<byte> bytes) => _control = bytes[0];

    protected override void Give(Span<byte> bytes)
    {
        foreach (ref byte value in bytes)
        {
            value = _converted;
            _converted = Convert();
        }
    }

    private byte Convert() => Pcf8591.Channels.First(channel => channel.Code == _control).Name switch
    {
        ['a', char input] => (byte)Math.Clamp(Steps(input), 0, 255),
        ['a', char plus, '-', 'a', char minus] => (byte)(sbyte)Math.Clamp(Steps(plus) - Steps(minus), -128, 127),
        _ => 0,
    };

    private int Steps(char input) => (int)Math.Round(Inputs.Volts(input - '0') / Reference * 256);
}
