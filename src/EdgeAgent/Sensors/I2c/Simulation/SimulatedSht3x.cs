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
        switch (BinaryPrimitives.ReadUInt16BigEndian(bytes))
        {
            case Sht3x.ReadStatus:
                WriteWord(_answer, 0);
                (_answerLength, _isMeasuring) = (3, false);
                break;
            case Sht3x.SingleShot:
                (double celsius, double percent, _) = room.Now();
                WriteWord(_answer, (celsius + 45) / 175);
                WriteWord(_answer.AsSpan(3), percent / 100);
                (_answerLength, _isMeasuring) = (6, true);
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
        if (Fault == SimulatedFault.BadChecksum)
        {
            bytes[2] ^= 0x01;
        }
    }

    /// <summary>A part of the full scale, 0 to 1.</summary>
    private static void WriteWord(Span<byte> bytes, double part)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)Math.Round(Math.Clamp(part, 0, 1) * ushort.MaxValue));
        bytes[2] = Sht3x.Checksum(bytes[..2]);
    }
}
