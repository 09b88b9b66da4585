using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// ST VL53L0X, datasheet DocID029104 and ST's published driver STSW-IMG005 for what the datasheet leaves out: one ranging at a time, with the
/// driver's default limits and its usual 33 ms, for I2C lines at more than 1.8 V.
/// <code>
/// answer := interrupt status u8  range status u8  9 bytes  distance u16be          registers 0x13 to 0x1F
/// </code>
/// </summary>
internal sealed class Vl53l0x(I2cDevice device) : IChip
{
    /// <summary>Datasheet section 3: 0x52 with the bit for reading.</summary>
    public static readonly int[] Addresses = [0x29];

    /// <summary>By ST's names SYSRANGE_START, SYSTEM_SEQUENCE_CONFIG, …_INTERRUPT_CONFIG_GPIO, …_INTERRUPT_CLEAR, RESULT_INTERRUPT_STATUS and so on.</summary>
    internal const byte StartRegister = 0x00, SequenceRegister = 0x01, InterruptRegister = 0x0A, InterruptClearRegister = 0x0B, ResultRegister = 0x13,
        SignalLimitRegister = 0x44, LimitCheckRegister = 0x60, PinRegister = 0x84, I2cModeRegister = 0x88, I2cVoltageRegister = 0x89, StopRegister = 0x91,
        DiodeMapRegister = 0xB0, IdRegister = 0xC0, PageRegister = 0xFF;

    /// <summary>While the page for factory data is open: where an answer shows, and the number and kind of the reference diodes.</summary>
    internal const byte StrobeRegister = 0x83, DiodesRegister = 0x92;

    /// <summary>Table 4 of the datasheet: what the two identification registers read.</summary>
    internal const ushort ChipId = 0xEEAA;

    /// <summary>Pre-range, final range and the selection of diodes; without the checks for a target's centre and signal. Not what it is after power-up.</summary>
    internal const byte UsualSequence = 0xE8, SequenceAfterReset = 0xFF;

    /// <summary>Single ranging; the two calibrations of the reference are rangings of a sequence of their own.</summary>
    internal const byte StartOnce = 0x01, VoltageCalibration = 0x41, PhaseCalibration = 0x01, VoltageSequence = 0x01, PhaseSequence = 0x02;

    /// <summary>The lower three bits of the interrupt status: a measurement is there.</summary>
    internal const byte HasResult = 0x07;

    private const int AnswerLength = 13, DiodeMapLength = 6, FirstApertureDiode = 12;

    /// <summary>At most 500 ms for a step; a calibration takes some milliseconds.</summary>
    private const int StepLimit = 50;

    private Step _next;
    private int _tries;
    private byte _stop;

    private enum Step
    {
        Identify,
        Diodes,
        CalibrateVoltage,
        CalibratePhase,
    }

    public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("distance", "mm", 0)];

    /// <summary>Section 2.6: 33 ms, with a reserve: the chip's clock is not exact.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(45);

    public TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(10);

    public static bool IsRecognised(I2cDevice device)
    {
        Span<byte> id = stackalloc byte[2];
        device.ReadRegisters(IdRegister, id);
        return BinaryPrimitives.ReadUInt16BigEndian(id) == ChipId;
    }

    public ChipState Prepare()
    {
        Step step = _next;
        // Where a transfer fails the next attempt begins at the beginning.
        _next = Step.Identify;
        switch (step)
        {
            case Step.Identify:
                return Identify();
            case Step.Diodes:
                return device.ReadRegister(StrobeRegister) == 0 ? Again(step) : SetUp();
            case Step.CalibrateVoltage:
                return HasEnded() ? Calibrate(PhaseSequence, PhaseCalibration, Step.CalibratePhase) : Again(step);
            default:
                if (!HasEnded())
                {
                    return Again(step);
                }
                device.WriteRegister(SequenceRegister, UsualSequence);
                return ChipState.Ready;
        }
    }

    public void Start()
    {
        // What an earlier ranging left, which ended too late to be read.
        device.WriteRegister(InterruptClearRegister, 1);
        WriteAll(Vl53l0xTuning.OpenStop);
        device.WriteRegister(StopRegister, _stop);
        WriteAll(Vl53l0xTuning.CloseStop);
        device.WriteRegister(StartRegister, StartOnce);
    }

    /// <summary>A chip that lost its power ranges all the same, uncalibrated; its sequence tells.</summary>
    public ChipState Continue() => device.ReadRegister(SequenceRegister) == UsualSequence ? ChipState.Ready : ChipState.NotReady;

    public void Finish(Span<Measured> values)
    {
        Span<byte> answer = stackalloc byte[AnswerLength];
        device.ReadRegisters(ResultRegister, answer);
        values[0] = (answer[0] & HasResult) == 0
            ? Measured.None(Quality.NotReady) : Judge((answer[1] >> 3) & 0x0F, BinaryPrimitives.ReadUInt16BigEndian(answer[11..]));
    }

    /// <summary>What the device's range status says, by its names in ST's driver (VL53L0X_DEVICEERROR).</summary>
    internal static Measured Judge(int status, ushort millimetres) => status switch
    {
        // RANGECOMPLETE
        11 => Measured.Good(millimetres),
        // MSRCNOTARGET, RANGEPHASECHECK, TCC, PHASECONSISTENCY, MINCLIP: nothing there, too far or too near.
        4 or 6 or 8 or 9 or 10 => Measured.None(Quality.OutOfRange),
        // NONE: no ranging has ended.
        0 => Measured.None(Quality.NotReady),
        // The laser's two tests, no calibrated voltage, and what the driver gives no range for: noise above its limits, overflow.
        _ => Measured.None(Quality.Failed),
    };

    private ChipState Identify()
    {
        if (!IsRecognised(device))
        {
            // A chain of writes that broke off may have left another page open.
            device.WriteRegister(PageRegister, 0);
            if (!IsRecognised(device))
            {
                return ChipState.WrongChip;
            }
        }
        // The pads as at 2.8 V: boards have their pull-ups at 2.8 or 3.3 V.
        device.WriteRegister(I2cVoltageRegister, (byte)(device.ReadRegister(I2cVoltageRegister) | 0x01));
        device.WriteRegister(I2cModeRegister, 0);
        WriteAll(Vl53l0xTuning.OpenStop);
        _stop = device.ReadRegister(StopRegister);
        WriteAll(Vl53l0xTuning.CloseStop);
        // The limits of the signal's rate in the first two steps are off; in the last it is 0.25 million counts a second, in 1/128.
        device.WriteRegister(LimitCheckRegister, (byte)(device.ReadRegister(LimitCheckRegister) | 0x12));
        device.Write([SignalLimitRegister, 0, 32]);
        device.WriteRegister(SequenceRegister, 0xFF);
        WriteAll(Vl53l0xTuning.OpenStop);
        device.WriteRegister(PageRegister, 6);
        device.WriteRegister(StrobeRegister, (byte)(device.ReadRegister(StrobeRegister) | 0x04));
        WriteAll(Vl53l0xTuning.AskForDiodes);
        return Then(Step.Diodes);
    }

    /// <summary>Takes the factory's word for the reference diodes, tunes the chip and starts its first calibration.</summary>
    private ChipState SetUp()
    {
        device.WriteRegister(StrobeRegister, 1);
        byte diodes = device.ReadRegister(DiodesRegister);
        device.WriteRegister(0x81, 0);
        device.WriteRegister(PageRegister, 6);
        device.WriteRegister(StrobeRegister, (byte)(device.ReadRegister(StrobeRegister) & ~0x04));
        device.WriteRegister(PageRegister, 1);
        WriteAll(Vl53l0xTuning.CloseStop);

        Span<byte> map = stackalloc byte[1 + DiodeMapLength];
        map[0] = DiodeMapRegister;
        device.ReadRegisters(DiodeMapRegister, map[1..]);
        Choose(map[1..], diodes & 0x7F, isAperture: (diodes & 0x80) != 0);
        WriteAll(Vl53l0xTuning.BeforeDiodeMap);
        device.Write(map);

        WriteAll(Vl53l0xTuning.Table);
        // An interrupt for each measurement, and its pin low then.
        device.WriteRegister(InterruptRegister, 0x04);
        device.WriteRegister(PinRegister, (byte)(device.ReadRegister(PinRegister) & ~0x10));
        device.WriteRegister(InterruptClearRegister, 1);
        return Calibrate(VoltageSequence, VoltageCalibration, Step.CalibrateVoltage);
    }

    /// <summary>Leaves so many of the good diodes in the map as the factory chose, from the first of their kind on.</summary>
    internal static void Choose(Span<byte> map, int count, bool isAperture)
    {
        int chosen = 0;
        for (int diode = 0; diode < map.Length * 8; diode++)
        {
            int bit = 1 << (diode % 8);
            if (chosen == count || (isAperture && diode < FirstApertureDiode))
            {
                map[diode / 8] = (byte)(map[diode / 8] & ~bit);
            }
            else if ((map[diode / 8] & bit) != 0)
            {
                chosen++;
            }
        }
    }

    private ChipState Calibrate(byte sequence, byte start, Step next)
    {
        device.WriteRegister(SequenceRegister, sequence);
        device.WriteRegister(StartRegister, start);
        return Then(next);
    }

    private bool HasEnded()
    {
        if ((device.ReadRegister(ResultRegister) & HasResult) == 0)
        {
            return false;
        }
        device.WriteRegister(InterruptClearRegister, 1);
        device.WriteRegister(StartRegister, 0);
        return true;
    }

    private ChipState Then(Step next)
    {
        (_next, _tries) = (next, 0);
        return ChipState.Pending;
    }

    private ChipState Again(Step step)
    {
        if (++_tries >= StepLimit)
        {
            return ChipState.NotReady;
        }
        _next = step;
        return ChipState.Pending;
    }

    private void WriteAll(ReadOnlySpan<byte> pairs)
    {
        for (; pairs.Length >= 2; pairs = pairs[2..])
        {
            device.Write(pairs[..2]);
        }
    }
}
