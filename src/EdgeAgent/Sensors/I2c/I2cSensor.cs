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
    private readonly Func<Quality> _begin, _finish;
    private readonly Action _continue;

    /// <summary>What the turns fill in: a turn that was given up may still write to it when the caller has long gone on.</summary>
    private readonly Measured[] _measured;

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
        _finish = Finish;
        _continue = Continue;
        _measured = new Measured[_chip.Quantities.Count];
        Description = $"{options.Chip.Name} at 0x{options.Address:x2}";
    }

    private enum Step
    {
        /// <summary>The first turn is to be taken.</summary>
        Begin,

        /// <summary>The first turn is over: the chip converts, or its values are there, or it failed.</summary>
        Begun,

        /// <summary>The conversion may need more time: the clock has the last word.</summary>
        Converting,

        /// <summary>A wait is over. Timers count in ticks of the kernel and may fire early; a chip that is asked too early does not answer.</summary>
        Waited,

        /// <summary>The second turn is over.</summary>
        Finished,

        /// <summary>The outcome is known.</summary>
        Done,
    }

    public string Description { get; }

    /// <summary>The chip is there and its calibration read; else it is prepared with the next attempt.</summary>
    public bool IsPresent { get; private set; }

    public IReadOnlyList<Quantity> Quantities => _chip.Quantities;

    private bool Converts => _chip.MeasurementTime > TimeSpan.Zero;

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
                return IsHeldUpBy(_turn.TakeAsync(_begin), Step.Begun);
            case Step.Begun:
                _outcome = _turning.GetResult();
                _started = _time.GetTimestamp();
                _step = _outcome == Quality.Good && Converts ? Step.Converting : Step.Done;
                return false;
            case Step.Converting:
                // Between two turns: a chip that converts does not hold the bus.
                TimeSpan left = _chip.MeasurementTime - _time.GetElapsedTime(_started);
                return left > TimeSpan.Zero ? IsHeldUpBy(_conversion.WaitAsync(left, _cancellation)) : IsHeldUpBy(_turn.TakeAsync(_finish), Step.Finished);
            case Step.Waited:
                _waiting.GetResult();
                _step = Step.Converting;
                return false;
            default:
                _outcome = _turning.GetResult();
                _step = Step.Done;
                return false;
        }
    }

    private bool IsHeldUpBy(ValueTask<Quality> turn, Step next)
    {
        _step = next;
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
        if (!IsPresent)
        {
            Quality prepared = _chip.Prepare() switch
            {
                ChipState.Ready => Quality.Good,
                ChipState.NotReady => Quality.NotReady,
                ChipState.Checksum => Quality.Checksum,
                _ => Quality.Failed,
            };
            if (prepared != Quality.Good)
            {
                return prepared;
            }
        }
        _chip.Start();
        return Converts ? Quality.Good : Finish();
    }

    private Quality Finish()
    {
        _chip.Finish(_measured);
        return Quality.Good;
    }
}
