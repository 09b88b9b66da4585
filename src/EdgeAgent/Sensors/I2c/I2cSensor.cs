using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c;

/// <summary>
/// One chip through absence and return. Wherever a measurement fails, for whatever reason, its outcome is a quality. A measurement is a state
/// machine written by hand, because it must allocate nothing: an asynchronous method would, each time it waits for the bus.
/// </summary>
internal sealed class I2cSensor : ISensor, IValueTaskSource
{
    private readonly I2cWire _wire;
    private readonly TimeProvider _time;
    private readonly IChip _chip;
    private readonly BusTurn _turn;
    private readonly ConversionWait _conversion;
    private readonly Func<Quality> _begin, _resume;
    private readonly Action _continue;

    // What the turns write, of which there is one at a time: one that was given up may still do so when its caller has long gone on.
    private readonly Measured[] _measured;
    private DriverStep _driverStep;
    private TimeSpan _pause; // before the next turn, where the driver is not done

    // One measurement, from here to the end of the fields: there is never more than one.
    private ManualResetValueTaskSourceCore<bool> _completion;
    private Step _step;
    private Measured[] _values = [];
    private CancellationToken _cancellation;
    private ConfiguredValueTaskAwaitable<Quality>.ConfiguredValueTaskAwaiter _turning;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _waiting;
    private Quality _outcome;
    private long _started;

    public I2cSensor(I2cSensorOptions options, I2cWire wire, TimeProvider time)
    {
        _wire = wire;
        _time = time;
        _chip = options.Driver(wire.Device(options.Address));
        _turn = wire.Turn();
        _conversion = new ConversionWait(time);
        _begin = Begin;
        _resume = Resume;
        _continue = Continue;
        _measured = new Measured[_chip.Quantities.Count];
        Description = $"{options.Chip.Name} at 0x{options.Address:x2}";
    }

    private enum Step
    {
        /// <summary>The first turn is to be taken.</summary>
        Begin,

        /// <summary>A turn is over: the chip is to be left alone for a while, or its values are there, or it failed.</summary>
        Turned,

        /// <summary>The chip may need more time: the clock has the last word.</summary>
        Pausing,

        /// <summary>A wait is over. Timers count in ticks of the kernel and may fire early; a chip that is asked too early does not answer.</summary>
        Waited,

        /// <summary>The outcome is known.</summary>
        Done,
    }

    /// <summary>What the driver is to be asked for next.</summary>
    private enum DriverStep
    {
        Prepare,
        Start,
        Continue,
        Finish,
        None,
    }

    public string Description { get; }

    /// <summary>The chip is there and its calibration read; else it is prepared with the next attempt.</summary>
    public bool IsPresent { get; private set; }

    public IReadOnlyList<Quantity> Quantities => _chip.Quantities;

    /// <summary>One attempt: prepares the chip where that is due, measures, and fills in what came of it.</summary>
    public ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
    {
        _values = values;
        _cancellation = cancellationToken;
        _completion.Reset();
        _step = Step.Begin;
        Continue();
        return new ValueTask(this, _completion.Version);
    }

    void IValueTaskSource.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    /// <summary>Goes on until something has to be waited for, which then calls this again, or to the end.</summary>
    private void Continue()
    {
        try
        {
            while (_step != Step.Done)
            {
                if (IsHeldUp())
                {
                    return;
                }
            }
        }
        catch (Exception failure)
        {
            // The agent stops, or a defect of the driver.
            _completion.SetException(failure);
            return;
        }
        Fill();
        _completion.SetResult(true);
    }

    /// <summary>One step.</summary>
    /// <returns>True: it goes on elsewhere, perhaps already, and nothing of this measurement may be touched here any more.</returns>
    private bool IsHeldUp()
    {
        switch (_step)
        {
            case Step.Begin:
                return IsHeldUpBy(_turn.TakeAsync(_begin));
            case Step.Turned:
                _outcome = _turning.GetResult();
                _started = _time.GetTimestamp();
                _step = _outcome == Quality.Good && _driverStep != DriverStep.None ? Step.Pausing : Step.Done;
                return false;
            case Step.Pausing:
                // Between two turns: a chip that converts does not hold the bus.
                TimeSpan left = _pause - _time.GetElapsedTime(_started);
                return left > TimeSpan.Zero ? IsHeldUpBy(_conversion.WaitAsync(left, _cancellation)) : IsHeldUpBy(_turn.TakeAsync(_resume));
            default:
                _waiting.GetResult();
                _step = Step.Pausing;
                return false;
        }
    }

    private bool IsHeldUpBy(ValueTask<Quality> turn)
    {
        _step = Step.Turned;
        _turning = turn.ConfigureAwait(false).GetAwaiter();
        if (_turning.IsCompleted)
        {
            return false;
        }
        _turning.UnsafeOnCompleted(_continue);
        return true;
    }

    private bool IsHeldUpBy(ValueTask wait)
    {
        _step = Step.Waited;
        _waiting = wait.ConfigureAwait(false).GetAwaiter();
        if (_waiting.IsCompleted)
        {
            return false;
        }
        _waiting.UnsafeOnCompleted(_continue);
        return true;
    }

    private void Fill()
    {
        // Whatever is wrong, it may have lost its power: it is prepared anew before it is believed again.
        IsPresent = _outcome == Quality.Good;
        bool isChecksumWrong = _outcome == Quality.Checksum;
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = IsPresent ? _measured[i] : Measured.None(_outcome);
            isChecksumWrong |= _values[i].Quality == Quality.Checksum;
        }
        if (isChecksumWrong)
        {
            // A measurement with more than one bad word is one failure.
            _wire.ChecksumFailed();
        }
    }

    /// <summary>The first turn; the only one for a chip that has a value at any time.</summary>
    private Quality Begin()
    {
        _driverStep = IsPresent ? DriverStep.Start : DriverStep.Prepare;
        return Resume();
    }

    /// <summary>Asks the driver for one step after the other, until the chip has to be left alone or there is an outcome.</summary>
    private Quality Resume()
    {
        while (_driverStep != DriverStep.None)
        {
            ChipState state = ChipState.Ready;
            _pause = TimeSpan.Zero;
            switch (_driverStep)
            {
                case DriverStep.Prepare:
                    state = _chip.Prepare();
                    break;
                case DriverStep.Start:
                    _chip.Start();
                    _pause = _chip.MeasurementTime;
                    break;
                case DriverStep.Continue:
                    state = _chip.Continue();
                    break;
                default:
                    _chip.Finish(_measured);
                    break;
            }
            if (state == ChipState.Pending)
            {
                _pause = _chip.Pause;
                return Quality.Good;
            }
            if (state != ChipState.Ready)
            {
                return state switch
                {
                    ChipState.NotReady => Quality.NotReady,
                    ChipState.Checksum => Quality.Checksum,
                    _ => Quality.Failed,
                };
            }
            _driverStep++;
            if (_pause > TimeSpan.Zero)
            {
                return Quality.Good;
            }
        }
        return Quality.Good;
    }
}
