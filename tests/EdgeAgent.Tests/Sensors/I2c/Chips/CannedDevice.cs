using System.Device.I2c;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>A device that gives what a datasheet prints, whatever it is asked, and keeps what was written to it.</summary>
internal sealed class CannedDevice(params string[] answers) : I2cDevice
{
    private readonly Queue<byte[]> _answers = new(answers.Select(Convert.FromHexString));

    /// <summary>Each write in hexadecimal digits.</summary>
    public List<string> Written { get; } = [];

    public override I2cConnectionSettings ConnectionSettings { get; } = new(0, 0x10);

    public override void Read(Span<byte> buffer) => _answers.Dequeue().CopyTo(buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => Written.Add(Convert.ToHexString(buffer));

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Write(writeBuffer);
        Read(readBuffer);
    }
}
