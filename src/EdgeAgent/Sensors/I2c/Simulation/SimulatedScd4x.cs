using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>An SCD4x: idle or measuring each 5 s, with the commands that each state allows (datasheet table 9), and answers that are given once.</summary>
internal sealed class SimulatedScd4x(SimulatedRoom room, TimeProvider time) : SimulatedChip
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CommandTime = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(500);

    private readonly byte[] _answer = new byte[3 * SensirionWord.Length];
    private int _answerLength;
    private long _asked;
    private long _stopped = long.MinValue / 2;
    private long _started;
    private long _taken;

    public bool IsMeasuring { get; private set; }

    public int Altitude { get; private set; }

    public bool CalibratesItself { get; private set; } = true;

    /// <summary>How often it was asked for the newest measurement.</summary>
    public int MeasurementsRead { get; private set; }

    /// <summary>The measurements since the start that are over.</summary>
    private long Measured => Fault == SimulatedFault.NotReady ? 0 : time.GetElapsedTime(_started).Ticks / Interval.Ticks;

    public override void LosePower() => (IsMeasuring, Altitude, CalibratesItself, _answerLength) = (false, 0, true, 0);

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        ushort command = SimulatedSht3x.Command(bytes);
        bool isAllowed = command is Scd4x.StopPeriodic
            || (IsMeasuring ? command is Scd4x.GetDataReady or Scd4x.ReadMeasurement : time.GetElapsedTime(_stopped) >= StopTime);
        if (!isAllowed)
        {
            throw NotAcknowledged();
        }
        (_answerLength, _asked) = (0, time.GetTimestamp());
        switch (command)
        {
            case Scd4x.StopPeriodic:
                (IsMeasuring, _stopped) = (false, time.GetTimestamp());
                break;
            case Scd4x.StartPeriodic:
                (IsMeasuring, _started, _taken) = (true, time.GetTimestamp(), 0);
                break;
            case Scd4x.GetSerial:
                Answer(0xF896, 0x9F07, 0x3BBE);
                break;
            case Scd4x.SetAltitude:
                Altitude = Argument(bytes);
                break;
            case Scd4x.SetSelfCalibration:
                CalibratesItself = Argument(bytes) == 1;
                break;
            case Scd4x.GetDataReady:
                // The upper bits mean nothing, and are not always 0.
                Answer(IsMeasuring && Measured > _taken ? (ushort)0x8006 : (ushort)0x8000);
                break;
            case Scd4x.ReadMeasurement when IsMeasuring && Measured > _taken:
                _taken = Measured;
                MeasurementsRead++;
                (double celsius, double percent, _) = room.Now();
                Answer((ushort)Math.Round(room.CarbonDioxide()), (ushort)Math.Round((celsius + 45) / 175 * 65_535), (ushort)Math.Round(percent / 100 * 65_535));
                break;
            default:
                throw NotAcknowledged();
        }
    }

    protected override void Give(Span<byte> bytes)
    {
        if (bytes.Length > _answerLength || time.GetElapsedTime(_asked) < CommandTime)
        {
            throw NotAcknowledged();
        }
        _answer.AsSpan(0, bytes.Length).CopyTo(bytes);
        _answerLength = 0;
        // The word that tells whether there is a measurement comes through: what is tested is the measurement.
        if (Fault == SimulatedFault.WrongChip || (Fault == SimulatedFault.BadChecksum && bytes.Length > SensirionWord.Length))
        {
            bytes[2] ^= 0x01;
        }
    }

    private void Answer(params ReadOnlySpan<ushort> words)
    {
        foreach (ushort word in words)
        {
            SensirionWord.Write(_answer.AsSpan(_answerLength), word);
            _answerLength += SensirionWord.Length;
        }
    }

    private static ushort Argument(ReadOnlySpan<byte> bytes) =>
        SensirionWord.TryRead(bytes[2..], out ushort word) ? word : throw NotAcknowledged();
}
