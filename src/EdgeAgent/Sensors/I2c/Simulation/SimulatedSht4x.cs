using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>An SHT4x: commands of 8 bits, words with checksums, and no acknowledgement of a read before the answer is there.</summary>
internal sealed class SimulatedSht4x(SimulatedRoom room, TimeProvider time) : SimulatedChip
{
    /// <summary>Table 5 of the datasheet: the longest measurement of high repeatability.</summary>
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(8.3);

    private readonly byte[] _answer = new byte[2 * SensirionWord.Length];
    private bool _hasAnswer;
    private TimeSpan _takes;
    private long _asked;

    public override void LosePower() => _hasAnswer = false;

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        (_hasAnswer, _asked) = (true, time.GetTimestamp());
        switch (bytes[0])
        {
            case Sht4x.ReadSerial:
                SensirionWord.Write(_answer, 0x0F5B);
                SensirionWord.Write(_answer.AsSpan(SensirionWord.Length), 0x92A1);
                _takes = TimeSpan.FromMilliseconds(1);
                break;
            case Sht4x.Measure:
                (double celsius, double percent, _) = room.Now();
                SimulatedSht3x.WritePart(_answer, (celsius + 45) / 175);
                SimulatedSht3x.WritePart(_answer.AsSpan(SensirionWord.Length), (percent + 6) / 125);
                _takes = Fault == SimulatedFault.NotReady ? TimeSpan.MaxValue : Conversion;
                break;
            default:
                throw NotAcknowledged();
        }
    }

    protected override void Give(Span<byte> bytes)
    {
        if (!_hasAnswer || time.GetElapsedTime(_asked) < _takes)
        {
            throw NotAcknowledged();
        }
        // An answer is given once.
        _hasAnswer = false;
        _answer.CopyTo(bytes);
        if (Fault is SimulatedFault.BadChecksum or SimulatedFault.WrongChip)
        {
            bytes[2] ^= 0x01;
        }
    }
}
