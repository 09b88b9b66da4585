using System.Buffers.Binary;
using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>An SHT3x: commands of 16 bits, words with checksums, and no acknowledgement while it measures.</summary>
internal sealed class SimulatedSht3x(SimulatedRoom room, TimeProvider time) : SimulatedChip
{
    /// <summary>Table 4 of the datasheet: the longest measurement of high repeatability.</summary>
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(15.5);

    private readonly byte[] _answer = new byte[6];
    private int _answerLength;
    private long _started;
    private bool _isMeasuring;

    public override void LosePower() => (_answerLength, _isMeasuring) = (0, false);

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        switch (Command(bytes))
        {
            case Sht3x.ReadStatus:
                SensirionWord.Write(_answer, 0);
                (_answerLength, _isMeasuring) = (SensirionWord.Length, false);
                break;
            case Sht3x.SingleShot:
                (double celsius, double percent, _) = room.Now();
                WritePart(_answer, (celsius + 45) / 175);
                WritePart(_answer.AsSpan(SensirionWord.Length), percent / 100);
                (_answerLength, _isMeasuring) = (2 * SensirionWord.Length, true);
                _started = time.GetTimestamp();
                break;
            default:
                throw NotAcknowledged();
        }
    }

    protected override void Give(Span<byte> bytes)
    {
        bool isBusy = _isMeasuring && (Fault == SimulatedFault.NotReady || time.GetElapsedTime(_started) < Conversion);
        if (isBusy || bytes.Length > _answerLength)
        {
            throw NotAcknowledged();
        }
        _answer.AsSpan(0, bytes.Length).CopyTo(bytes);
        // An answer is given once.
        (_answerLength, _isMeasuring) = (0, false);
        if (Fault is SimulatedFault.BadChecksum or SimulatedFault.WrongChip)
        {
            bytes[2] ^= 0x01;
        }
    }

    /// <summary>One byte is no command.</summary>
    internal static ushort Command(ReadOnlySpan<byte> bytes) => BinaryPrimitives.TryReadUInt16BigEndian(bytes, out ushort command) ? command : throw NotAcknowledged();

    /// <summary>A part of the full scale, 0 to 1.</summary>
    internal static void WritePart(Span<byte> bytes, double part) => SensirionWord.Write(bytes, (ushort)Math.Round(Math.Clamp(part, 0, 1) * ushort.MaxValue));
}
