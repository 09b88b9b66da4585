using System.Buffers.Binary;
using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>An MPU-6050 that lies still on a table, asleep after power-up (register map RM-MPU-6000A).</summary>
internal sealed class SimulatedMpu6050 : SimulatedRegisterChip
{
    private readonly SimulatedRoom _room;
    private readonly TimeProvider _time;
    private long _awake;
    private long _given;

    public SimulatedMpu6050(SimulatedRoom room, TimeProvider time)
    {
        (_room, _time) = (room, time);
        LosePower();
    }

    /// <summary>About x, y and z, in g.</summary>
    public double[] Acceleration { get; } = [0.02, -0.01, 1];

    /// <summary>About x, y and z, in °/s.</summary>
    public double[] Rotation { get; } = [-1.5, 0.3, 0];

    private bool IsAsleep => (Registers[Mpu6050.PowerRegister] & Mpu6050.Asleep) != 0;

    public override void LosePower()
    {
        Array.Clear(Registers);
        Registers[Mpu6050.IdRegister] = Mpu6050.ChipId;
        Registers[Mpu6050.PowerRegister] = Mpu6050.Asleep;
    }

    protected override void Store(byte register, byte value)
    {
        // Asleep it takes nothing but its wake-up.
        if (register == Mpu6050.PowerRegister || !IsAsleep)
        {
            base.Store(register, value);
        }
        if (register == Mpu6050.PowerRegister)
        {
            (_awake, _given) = (_time.GetTimestamp(), 0);
        }
    }

    protected override byte Load(byte register)
    {
        byte value = register == Mpu6050.IdRegister && Fault == SimulatedFault.WrongChip ? (byte)0x19 : base.Load(register);
        if (register == Mpu6050.InterruptStatusRegister)
        {
            // Reading it clears it.
            _given = Measured;
        }
        return value;
    }

    protected override void Refresh()
    {
        bool isNew = Measured > _given && Registers[Mpu6050.InterruptEnableRegister] == Mpu6050.DataReady;
        Registers[Mpu6050.InterruptStatusRegister] = isNew ? Mpu6050.DataReady : (byte)0;
        if (!isNew)
        {
            return;
        }
        // The two registers before are the gyroscope's and the accelerometer's range, in bits 4 and 3.
        double rotation = Mpu6050.CountsPerDegree / (1 << (Registers[Mpu6050.DividerRegister + 2] >> 3));
        double acceleration = Mpu6050.CountsPerG / (1 << (Registers[Mpu6050.DividerRegister + 3] >> 3));
        for (int axis = 0; axis < 3; axis++)
        {
            Write(1 + (2 * axis), Acceleration[axis] * acceleration);
            Write(9 + (2 * axis), Rotation[axis] * rotation);
        }
        Write(7, (_room.Now().Celsius - 36.53) * 340);
    }

    /// <summary>The measurements since it woke up, one in 5 ms by the driver's divider.</summary>
    private long Measured => IsAsleep || Fault == SimulatedFault.NotReady
        ? 0 : _time.GetElapsedTime(_awake).Ticks / TimeSpan.FromMilliseconds(1 + Registers[Mpu6050.DividerRegister]).Ticks;

    private void Write(int offset, double counts) => BinaryPrimitives.WriteInt16BigEndian(
        Registers.AsSpan(Mpu6050.InterruptStatusRegister + offset), (short)Math.Clamp(Math.Round(counts), short.MinValue, short.MaxValue));
}
