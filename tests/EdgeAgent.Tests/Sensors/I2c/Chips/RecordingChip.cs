using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>A memory behind a pointer of one or two bytes that counts on, which remembers what it was told and asked.</summary>
internal sealed class RecordingChip(int pointerBytes = 1) : SimulatedChip
{
    private int _pointer;

    public byte[] Memory { get; } = new byte[1 << 16];

    /// <summary>All writes, in hexadecimal.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>First byte and length of each read.</summary>
    public List<(int First, int Length)> Reads { get; } = [];

    public override void LosePower() => Array.Clear(Memory);

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        Writes.Add(Convert.ToHexString(bytes));
        _pointer = 0;
        foreach (byte value in bytes[..Math.Min(bytes.Length, pointerBytes)])
        {
            _pointer = (_pointer << 8) | value;
        }
        bytes[Math.Min(bytes.Length, pointerBytes)..].CopyTo(Memory.AsSpan(_pointer));
    }

    protected override void Give(Span<byte> bytes)
    {
        Reads.Add((_pointer, bytes.Length));
        Memory.AsSpan(_pointer, bytes.Length).CopyTo(bytes);
    }
}
