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
        Quality begun = Guard(Begin);
        for (int left = _chip.Conversions - 1; begun == Quality.Good && left >= 0; left--)
        {
            // Outside the lock: a chip that converts does not hold the wire.
            await WaitAsync(time.GetTimestamp(), cancellationToken).ConfigureAwait(false);
            bool isLast = left == 0;
            begun = Guard(() =>
            {
                _chip.Finish(values);
                if (!isLast)
                {
                    _chip.Start();
                }
                return Quality.Good;
            });
        }
        if (begun != Quality.Good)
        {
            Array.Fill(values, Measured.None(begun));
            // Whatever is wrong, it may have lost its power: it is prepared anew before it is believed again.
            IsPresent = false;
        }
    }

    /// <summary>
    /// Timers count in ticks of the kernel, some milliseconds each, and may fire one early; a chip that is asked too early does not
    /// answer. So the clock has the last word.
    /// </summary>
    private async ValueTask WaitAsync(long started, CancellationToken cancellationToken)
    {
        while (_chip.MeasurementTime - time.GetElapsedTime(started) is { } left && left > TimeSpan.Zero)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, cancellationToken).ConfigureAwait(false);
        }
    }

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
            IsPresent = true;
        }
        _chip.Start();
        return Quality.Good;
    }

    private Quality Guard(Func<Quality> transfers)
    {
        try
        {
            return wire.Use(transfers);
        }
        catch (IOException)
        {
            return Quality.NoResponse;
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
