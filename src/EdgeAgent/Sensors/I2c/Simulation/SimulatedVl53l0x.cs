using System.Buffers.Binary;
using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>
/// A VL53L0X as far as its driver meets it: pages of registers, of which 0 is the usual; factory data that are asked for on page 7; rangings and
/// calibrations that take their time.
/// </summary>
internal sealed class SimulatedVl53l0x : SimulatedChip
{
    /// <summary>What the factory wrote: so many reference diodes of the aperture kind, from diode 12 on, and the stop variable.</summary>
    internal const byte FactoryDiodes = 0x85, FactoryStop = 0x3C;

    /// <summary>The bytes of the map of good diodes, and what five of them from 12 on are.</summary>
    internal static readonly byte[] GoodDiodes = [0xFF, 0xFE, 0x0F, 0xFF, 0xFF, 0x01];

    private static readonly TimeSpan RangingTime = TimeSpan.FromMilliseconds(33), CalibrationTime = TimeSpan.FromMilliseconds(12);

    private readonly SimulatedRoom _room;
    private readonly TimeProvider _time;
    private readonly byte[] _pages = new byte[8 * 256];
    private int _page;
    private byte _pointer;
    private long? _started;
    private bool _hasVoltage;
    private bool _hasPhase;

    public SimulatedVl53l0x(SimulatedRoom room, TimeProvider time)
    {
        (_room, _time) = (room, time);
        LosePower();
    }

    /// <summary>How the next ranging ends (VL53L0X_DEVICEERROR); 11 is complete.</summary>
    public int RangeStatus { get; set; } = 11;

    /// <summary>Both calibrations were run since power-up.</summary>
    public bool IsCalibrated => _hasVoltage && _hasPhase;

    public ReadOnlySpan<byte> DiodeMap => Usual.Slice(Vl53l0x.DiodeMapRegister, GoodDiodes.Length);

    private Span<byte> Usual => _pages.AsSpan(0, 256);

    public override void LosePower()
    {
        Array.Clear(_pages);
        (_page, _started, _hasVoltage, _hasPhase) = (0, null, false, false);
        // Table 4 of the datasheet.
        BinaryPrimitives.WriteUInt16BigEndian(Usual[Vl53l0x.IdRegister..], Vl53l0x.ChipId);
        Usual[Vl53l0x.SequenceRegister] = Vl53l0x.SequenceAfterReset;
        GoodDiodes.CopyTo(Usual[Vl53l0x.DiodeMapRegister..]);
        _pages[256 + Vl53l0x.StopRegister] = FactoryStop;
    }

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        Refresh();
        _pointer = bytes[0];
        foreach (byte value in bytes[1..])
        {
            Store(_pointer++, value);
        }
    }

    protected override void Give(Span<byte> bytes)
    {
        Refresh();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte register = _pointer++;
            bytes[i] = _page == 0 && register == Vl53l0x.IdRegister && Fault == SimulatedFault.WrongChip ? (byte)0x50 : _pages[(_page * 256) + register];
        }
    }

    private void Store(byte register, byte value)
    {
        if (register == Vl53l0x.PageRegister)
        {
            _page = value & 7;
            return;
        }
        _pages[(_page * 256) + register] = value;
        switch (_page, register)
        {
            case (0, Vl53l0x.StartRegister) when (value & 1) != 0:
                _started = _time.GetTimestamp();
                break;
            case (0, Vl53l0x.InterruptClearRegister):
                Usual[Vl53l0x.ResultRegister] = 0;
                break;
            case (7, Vl53l0x.StrobeRegister) when value == 0:
                _pages[(7 * 256) + Vl53l0x.StrobeRegister] = 0x10;
                _pages[(7 * 256) + Vl53l0x.DiodesRegister] = FactoryDiodes;
                break;
        }
    }

    private void Refresh()
    {
        byte sequence = Usual[Vl53l0x.SequenceRegister];
        bool isCalibration = sequence is Vl53l0x.VoltageSequence or Vl53l0x.PhaseSequence;
        if (Fault == SimulatedFault.NotReady || _started is not { } started || _time.GetElapsedTime(started) < (isCalibration ? CalibrationTime : RangingTime))
        {
            return;
        }
        _started = null;
        _hasVoltage |= sequence == Vl53l0x.VoltageSequence;
        _hasPhase |= sequence == Vl53l0x.PhaseSequence;
        Usual[Vl53l0x.ResultRegister] = 0x04;
        Usual[Vl53l0x.ResultRegister + 1] = (byte)(RangeStatus << 3);
        BinaryPrimitives.WriteUInt16BigEndian(Usual[(Vl53l0x.ResultRegister + 11)..], (ushort)Math.Round(_room.Millimetres()));
    }
}
