using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c;

/// <summary>
/// One chip through absence and return. Wherever a measurement fails, for whatever reason, its outcome is a quality.
/// </summary>
internal sealed class I2cSensor(I2cSensorOptions options, I2cWire wire, TimeProvider time) : ISensor
{
    private readonly IChip _chip = options.Driver(new LazyDevice(options.Address, wire));

    public string Description { get; } = $"{options.Chip.Name} at 0x{options.Address:x2}";

    /// <summary>The chip is there and its calibration read; else it is prepared with the next attempt.</summary>
    public bool IsPresent { get; private set; }

    public IReadOnlyList<Quantity> Quantities => _chip.Quantities;

    /// <summary>One attempt: prepares the chip where that is due, measures, and fills in what came of it.</summary>
    public async ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
    {
        Quality quality = IsPresent ? Quality.Good : await StepAsync(_chip.Prepare, cancellationToken).ConfigureAwait(false);
        if (quality == Quality.Good)
        {
            IsPresent = true;
            quality = await MeasurePreparedAsync(values, cancellationToken).ConfigureAwait(false);
        }
        if (quality != Quality.Good)
        {
            Array.Fill(values, Measured.None(quality));
            // Whatever is wrong, it may have lost its power: it is prepared anew before it is believed again.
            IsPresent = false;
        }
    }

    private async ValueTask<Quality> MeasurePreparedAsync(Measured[] values, CancellationToken cancellationToken)
    {
        Quality quality = await StepAsync(Start, cancellationToken).ConfigureAwait(false);
        if (quality != Quality.Good)
        {
            return quality;
        }
        // Outside the lock: a chip that converts does not hold the wire.
        await WaitAsync(_chip.MeasurementTime, cancellationToken).ConfigureAwait(false);
        quality = await StepAsync(_chip.Continue, cancellationToken).ConfigureAwait(false);
        return quality == Quality.Good ? await StepAsync(() => Finish(values), cancellationToken).ConfigureAwait(false) : quality;
    }

    /// <summary>Calls a step of the driver until it is over, and leaves the chip alone in between.</summary>
    private async ValueTask<Quality> StepAsync(Func<ChipState> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            ChipState state;
            try
            {
                state = wire.Use(step);
            }
            catch (IOException)
            {
                return Quality.NoResponse;
            }
            if (state != ChipState.Pending)
            {
                return state switch
                {
                    ChipState.Ready => Quality.Good,
                    ChipState.NotReady => Quality.NotReady,
                    ChipState.Checksum => Quality.Checksum,
                    _ => Quality.Failed,
                };
            }
            await WaitAsync(_chip.Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private ChipState Start()
    {
        _chip.Start();
        return ChipState.Ready;
    }

    private ChipState Finish(Measured[] values)
    {
        _chip.Finish(values);
        return ChipState.Ready;
    }

    /// <summary>
    /// Timers count in ticks of the kernel, some milliseconds each, and may fire one early; a chip that is asked too early does not
    /// answer. So the clock has the last word.
    /// </summary>
    private async ValueTask WaitAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (duration - time.GetElapsedTime(started) is { } left && left > TimeSpan.Zero)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens its device with the first transfer, so that a bus that is not there yet is a device that does not answer.</summary>
    private sealed class LazyDevice(int address, I2cWire wire) : I2cDevice
    {
        private I2cDevice? _device;

        public override I2cConnectionSettings ConnectionSettings => Device.ConnectionSettings;

        private I2cDevice Device => _device ??= wire.OpenDevice(address);

        public override void Read(Span<byte> buffer) => Device.Read(buffer);

        public override void Write(ReadOnlySpan<byte> buffer) => Device.Write(buffer);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => Device.WriteRead(writeBuffer, readBuffer);
    }
}
