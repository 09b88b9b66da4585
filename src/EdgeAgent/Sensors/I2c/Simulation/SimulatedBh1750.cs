using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A BH1750: commands of one byte, and a data register that keeps what it holds until it is measured anew or emptied.</summary>
internal sealed class SimulatedBh1750(SimulatedRoom room, TimeProvider time) : SimulatedChip
{
    private bool _isOn;
    private int _time = Bh1750.UsualTime;
    private ushort _data;
    private ushort _measured;
    private long? _started;

    /// <summary>Light that a test shines on it, in lx; the room's where there is none.</summary>
    public double? Lux { get; set; }

    public override void LosePower() => (_isOn, _time, _data, _started) = (false, Bh1750.UsualTime, 0, null);

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        switch (bytes[0])
        {
            case Bh1750.PowerOn:
                _isOn = true;
                break;
            case Bh1750.Reset when _isOn:
                _data = 0;
                break;
            case Bh1750.MeasureOnce:
                _started = time.GetTimestamp();
                _measured = (ushort)Math.Min(ushort.MaxValue, Math.Round((Lux ?? room.Lux()) * 1.2 * _time / Bh1750.UsualTime));
                break;
            case byte upper when (upper & 0b11111_000) == Bh1750.TimeUpper:
                _time = (_time & 0b11111) | ((upper & 0b111) << 5);
                break;
            case byte lower when (lower & 0b111_00000) == Bh1750.TimeLower:
                _time = (_time & ~0b11111) | (lower & 0b11111);
                break;
        }
    }

    protected override void Give(Span<byte> bytes)
    {
        if (Fault != SimulatedFault.NotReady && _started is { } started && time.GetElapsedTime(started) >= Conversion)
        {
            // It goes to sleep by itself.
            (_data, _started, _isOn) = (_measured, null, false);
        }
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i % 2 == 0 ? _data >> 8 : _data);
        }
    }

    /// <summary>Page 2 of the technical note: at most 180 ms in the usual measurement time.</summary>
    private TimeSpan Conversion => TimeSpan.FromMilliseconds(180.0 * _time / Bh1750.UsualTime);
}
