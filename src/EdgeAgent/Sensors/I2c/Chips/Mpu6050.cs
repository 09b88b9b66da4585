using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// InvenSense MPU-6050, product specification PS-MPU-6000A and register map RM-MPU-6000A: acceleration and rotation about three axes. The chip
/// measures by itself; an attempt takes the newest measurement, which is one it has not given yet.
/// <code>
/// answer := interrupt status u8  acceleration x y z i16be  temperature i16be  rotation x y z i16be          registers 0x3A to 0x48
/// </code>
/// </summary>
internal sealed class Mpu6050(I2cDevice device, Mpu6050Options options) : IChip
{
    /// <summary>Pin AD0 low and high (PS section 9.2).</summary>
    public static readonly int[] Addresses = [0x68, 0x69];

    /// <summary>RM section 3.</summary>
    internal const byte DividerRegister = 0x19, InterruptEnableRegister = 0x38, InterruptStatusRegister = 0x3A, PowerRegister = 0x6B, IdRegister = 0x75;

    /// <summary>WHO_AM_I: the address without its lowest bit, whatever AD0 is (RM section 4.32).</summary>
    internal const byte ChipId = 0x68;

    /// <summary>PWR_MGMT_1 (RM section 4.28): asleep, as after power-up; awake, by the clock of the gyroscope, which is steadier than the chip's own.</summary>
    internal const byte Asleep = 0x40, AwakeByGyroscope = 0x01;

    /// <summary>CONFIG: both low-pass filters at some 20 Hz (RM section 4.3), so that what is faster than a poll does not look like noise.</summary>
    internal const byte LowPass20Hz = 4;

    /// <summary>SMPLRT_DIV: with the filter on the chip counts 1 kHz, so that a measurement comes each 5 ms (RM section 4.2).</summary>
    internal const byte Divider = 4;

    /// <summary>Data ready: enabled, and come since the status was read last (RM sections 4.15 and 4.16).</summary>
    internal const byte DataReady = 0x01;

    /// <summary>PS sections 6.1 and 6.2: counts for 1 g and for 1 °/s in the smallest ranges.</summary>
    internal const double CountsPerG = 16_384, CountsPerDegree = 131;

    private bool _isStarting;

    /// <summary>Noise of PS section 6 within 20 Hz: some 2 mg and 0.02 °/s; a count of the temperature is 1/340 °C.</summary>
    public IReadOnlyList<Quantity> Quantities { get; } =
    [
        new Quantity("acceleration_x", "[g]", 4), new Quantity("acceleration_y", "[g]", 4), new Quantity("acceleration_z", "[g]", 4),
        new Quantity("temperature", "Cel", 2),
        new Quantity("rotation_x", "deg/s", 2), new Quantity("rotation_y", "deg/s", 2), new Quantity("rotation_z", "deg/s", 2),
    ];

    /// <summary>More than two of the chip's own measurements: one is new even where the status was read by somebody a moment ago.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(11);

    /// <summary>PS section 6.1: the gyroscope is within 1 °/s of its value 30 ms after it starts, as a rule; and three times as long for the rest.</summary>
    public TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(100);

    public static bool IsRecognised(I2cDevice device) => device.ReadRegister(IdRegister) == ChipId;

    public ChipState Prepare()
    {
        if (_isStarting)
        {
            _isStarting = false;
            return ChipState.Ready;
        }
        if (!IsRecognised(device))
        {
            return ChipState.WrongChip;
        }
        // Settings are taken only while awake.
        device.WriteRegister(PowerRegister, AwakeByGyroscope);
        // SMPLRT_DIV, CONFIG, GYRO_CONFIG and ACCEL_CONFIG stand side by side; the ranges in bits 4 and 3.
        device.Write([DividerRegister, Divider, LowPass20Hz, (byte)(options.RotationDoublings << 3), (byte)(options.AccelerationDoublings << 3)]);
        device.WriteRegister(InterruptEnableRegister, DataReady);
        _isStarting = true;
        return ChipState.Pending;
    }

    /// <summary>Nothing is started: the chip measures by itself.</summary>
    public void Start()
    {
    }

    /// <summary>A chip that lost its power sleeps, and knows neither its ranges nor its filter any more.</summary>
    public ChipState Continue() => (device.ReadRegister(PowerRegister) & Asleep) != 0 ? ChipState.NotReady : ChipState.Ready;

    public void Finish(Span<Measured> values)
    {
        Span<byte> answer = stackalloc byte[15];
        device.ReadRegisters(InterruptStatusRegister, answer);
        if ((answer[0] & DataReady) == 0)
        {
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        double countsPerG = CountsPerG / (1 << options.AccelerationDoublings);
        double countsPerDegree = CountsPerDegree / (1 << options.RotationDoublings);
        for (int axis = 0; axis < 3; axis++)
        {
            values[axis] = Scale(Word(answer, 1 + (2 * axis)), countsPerG);
            values[4 + axis] = Scale(Word(answer, 9 + (2 * axis)), countsPerDegree);
        }
        values[3] = Measured.Good(Celsius(Word(answer, 7)));
    }

    /// <summary>RM section 4.18.</summary>
    internal static double Celsius(short counts) => (counts / 340.0) + 36.53;

    /// <summary>The ends of the scale are where the chip stops counting.</summary>
    private static Measured Scale(short counts, double countsPerUnit) =>
        counts is short.MinValue or short.MaxValue ? Measured.None(Quality.OutOfRange) : Measured.Good(counts / countsPerUnit);

    private static short Word(ReadOnlySpan<byte> answer, int offset) => BinaryPrimitives.ReadInt16BigEndian(answer[offset..]);
}
