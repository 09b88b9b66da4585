using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Sensirion SCD4x (SCD40, SCD41, SCD43), datasheet version 1.7: measures by itself each 5 s; an attempt takes the newest measurement, and
/// waits for it where there is none since the last attempt.
/// <code>
/// answer := word(carbon dioxide) word(temperature) word(humidity)        word := see SensirionWord
/// serial := word word word
/// </code>
/// A read follows its command after a pause of a millisecond, so that each question takes two steps.
/// </summary>
internal sealed class Scd4x(I2cDevice device, Scd4xOptions options) : IChip
{
    /// <summary>Table 8: there is but one.</summary>
    public static readonly int[] Addresses = [0x62];

    /// <summary>Table 9.</summary>
    internal const ushort StartPeriodic = 0x21B1, ReadMeasurement = 0xEC05, StopPeriodic = 0x3F86, SetAltitude = 0x2427, GetDataReady = 0xE4B8,
        SetSelfCalibration = 0x2416, GetSerial = 0x3682;

    /// <summary>Section 3.9.2: there is a measurement where any of the lowest 11 bits is set.</summary>
    internal const int DataReadyBits = 0x07FF;

    /// <summary>Table 9: after any command; after the one that stops the measurements.</summary>
    private static readonly TimeSpan CommandTime = TimeSpan.FromMilliseconds(1), StopTime = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a chip is asked that has nothing new. A tenth of a second is little of the 5 s that it takes.</summary>
    private static readonly TimeSpan AskingInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Together 6 s: a measurement takes 5 s (section 3.6.1), by the chip's own clock.</summary>
    private const int QuestionLimit = 60;

    private PrepareStep _nextOfPreparing;
    private MeasureStep _nextOfMeasuring;
    private int _questions;

    private enum PrepareStep
    {
        Stop,
        AskSerial,
        ReadSerial,
        SetSelfCalibration,
        Run,
    }

    private enum MeasureStep
    {
        AskReady,
        ReadReady,
        ReadMeasurement,
    }

    /// <summary>Resolution of table 1: 1 ppm; the temperature and the humidity are the chip's own, and 0.01 is what an SHT4x resolves.</summary>
    public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("co2", "[ppm]", 0), Sht3x.Temperature, Sht3x.Humidity];

    /// <summary>Table 9: 1 ms for the question whether there is a measurement.</summary>
    public TimeSpan MeasurementTime => CommandTime;

    public TimeSpan Pause { get; private set; }

    /// <summary>
    /// By the word that says whether there is a measurement: the one question that it answers at rest and while it measures for somebody, and that takes
    /// nothing from them.
    /// </summary>
    public static bool IsRecognised(I2cDevice device, Action<TimeSpan> pause)
    {
        Span<byte> status = stackalloc byte[SensirionWord.Length];
        device.WriteCommand(GetDataReady);
        pause(CommandTime);
        device.Read(status);
        return SensirionWord.TryRead(status, out _);
    }

    /// <summary>While the chip measures it takes no settings and tells no serial number (table 9). So it is stopped first, whatever it did.</summary>
    public ChipState Prepare()
    {
        PrepareStep step = _nextOfPreparing;
        // Where a transfer fails the next attempt begins at the beginning.
        _nextOfPreparing = PrepareStep.Stop;
        switch (step)
        {
            case PrepareStep.Stop:
                device.WriteCommand(StopPeriodic);
                return Then(PrepareStep.AskSerial, StopTime);
            case PrepareStep.AskSerial:
                device.WriteCommand(GetSerial);
                return Then(PrepareStep.ReadSerial, CommandTime);
            case PrepareStep.ReadSerial:
                Span<byte> serial = stackalloc byte[3 * SensirionWord.Length];
                device.Read(serial);
                if (!SensirionWord.AreSound(serial))
                {
                    return ChipState.Checksum;
                }
                device.WriteCommand(SetAltitude, (ushort)options.AltitudeMetres);
                return Then(PrepareStep.SetSelfCalibration, CommandTime);
            case PrepareStep.SetSelfCalibration:
                // Both settings are the chip's until it loses its power: its memory bears 2,000 writes, and is left alone.
                device.WriteCommand(SetSelfCalibration, options.CalibratesItself ? (ushort)1 : (ushort)0);
                return Then(PrepareStep.Run, CommandTime);
            default:
                device.WriteCommand(StartPeriodic);
                return ChipState.Ready;
        }
    }

    public void Start()
    {
        _questions = 1;
        device.WriteCommand(GetDataReady);
        _nextOfMeasuring = MeasureStep.ReadReady;
    }

    /// <summary>
    /// Asks until there is a measurement. A chip that has none for longer than its interval measures no longer: it has lost its power, and
    /// is prepared anew.
    /// </summary>
    public ChipState Continue()
    {
        switch (_nextOfMeasuring)
        {
            case MeasureStep.AskReady:
                _questions++;
                device.WriteCommand(GetDataReady);
                return Then(MeasureStep.ReadReady, CommandTime);
            case MeasureStep.ReadReady:
                Span<byte> status = stackalloc byte[SensirionWord.Length];
                device.Read(status);
                if (!SensirionWord.TryRead(status, out ushort ready))
                {
                    return ChipState.Checksum;
                }
                if ((ready & DataReadyBits) == 0)
                {
                    return _questions >= QuestionLimit ? ChipState.NotReady : Then(MeasureStep.AskReady, AskingInterval);
                }
                device.WriteCommand(ReadMeasurement);
                return Then(MeasureStep.ReadMeasurement, CommandTime);
            default:
                return ChipState.Ready;
        }
    }

    public void Finish(Span<Measured> values)
    {
        Span<byte> answer = stackalloc byte[3 * SensirionWord.Length];
        device.Read(answer);
        // Section 3.6.2. Each word has its own checksum, so that one bad word does not cost the others.
        values[0] = SensirionWord.TryRead(answer, out ushort ppm) ? Measured.Good(ppm) : Measured.None(Quality.Checksum);
        values[1] = SensirionWord.TryRead(answer[SensirionWord.Length..], out ushort celsius)
            ? Measured.Good(Sht3x.Celsius(celsius)) : Measured.None(Quality.Checksum);
        values[2] = SensirionWord.TryRead(answer[(2 * SensirionWord.Length)..], out ushort percent)
            ? Measured.Good(Sht3x.Percent(percent)) : Measured.None(Quality.Checksum);
    }

    private ChipState Then(PrepareStep next, TimeSpan pause)
    {
        (_nextOfPreparing, Pause) = (next, pause);
        return ChipState.Pending;
    }

    private ChipState Then(MeasureStep next, TimeSpan pause)
    {
        (_nextOfMeasuring, Pause) = (next, pause);
        return ChipState.Pending;
    }
}
