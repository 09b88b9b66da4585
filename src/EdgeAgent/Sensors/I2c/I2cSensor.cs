using System.Runtime.CompilerServices;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c;

/// <summary>
/// One chip through absence and return. Wherever a measurement fails, for whatever reason, its outcome is a quality. A measurement allocates
/// nothing once it has been made a few times.
/// </summary>
internal sealed class I2cSensor : ISensor
{
    private readonly I2cWire _wire;
    private readonly TimeProvider _time;
    private readonly IChip _chip;
    private readonly BusTurn _turn;
    private readonly ConversionWait _conversion;
    private readonly Func<Quality> _begin, _finish;

    /// <summary>What the turns fill in: a turn that was given up may still write to it when the caller has long gone on.</summary>
    private readonly Measured[] _measured;

    public I2cSensor(I2cSensorOptions options, I2cWire wire, TimeProvider time)
    {
        _wire = wire;
        _time = time;
        _chip = options.Driver(wire.Device(options.Address));
        _turn = wire.Turn();
        _conversion = new ConversionWait(time);
        _begin = Begin;
        _finish = Finish;
        _measured = new Measured[_chip.Quantities.Count];
        Description = $"{options.Chip.Name} at 0x{options.Address:x2}";
    }

    public string Description { get; }

    /// <summary>The chip is there and its calibration read; else it is prepared with the next attempt.</summary>
    public bool IsPresent { get; private set; }

    public IReadOnlyList<Quantity> Quantities => _chip.Quantities;

    /// <summary>One attempt: prepares the chip where that is due, measures, and fills in what came of it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
    {
        Quality outcome = await _turn.TakeAsync(_begin).ConfigureAwait(false);
        if (outcome == Quality.Good && Converts)
        {
            // Between two turns: a chip that converts does not hold the bus.
            await WaitAsync(_time.GetTimestamp(), cancellationToken).ConfigureAwait(false);
            outcome = await _turn.TakeAsync(_finish).ConfigureAwait(false);
        }
        // Whatever is wrong, it may have lost its power: it is prepared anew before it is believed again.
        IsPresent = outcome == Quality.Good;
        if (IsPresent)
        {
            _measured.CopyTo(values, 0);
        }
        else
        {
            Array.Fill(values, Measured.None(outcome));
        }
        CountChecksums(values);
    }

    private bool Converts => _chip.MeasurementTime > TimeSpan.Zero;

    /// <summary>
    /// Timers count in ticks of the kernel, some milliseconds each, and may fire one early; a chip that is asked too early does not
    /// answer. So the clock has the last word.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitAsync(long started, CancellationToken cancellationToken)
    {
        while (_chip.MeasurementTime - _time.GetElapsedTime(started) is { } left && left > TimeSpan.Zero)
        {
            await _conversion.WaitAsync(left, cancellationToken).ConfigureAwait(false);
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

    private void CountChecksums(Measured[] values)
    {
        foreach (Measured value in values)
        {
            if (value.Quality == Quality.Checksum)
            {
                // A measurement with more than one bad word is one failure.
                _wire.ChecksumFailed();
                return;
            }
        }
    }
}
