using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.I2c.Chips;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.I2c;

/// <summary>
/// Reads one sensor at its interval. Polls fall on multiples of the interval, so that sensors with the same interval share
/// their times; the interval itself is counted by the clock that nobody sets.
/// </summary>
internal sealed partial class I2cPoller(
    I2cSensor sensor, SourceSeries[] series, ReadingChannel channel, AgentMetrics metrics, AgentClock clock, TimeProvider time, ILogger logger)
{
    /// <summary>An absent sensor is tried after 1, 2, 4 … intervals, and at least this often.</summary>
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(5);

    private readonly Measured[] _values = new Measured[series.Length];
    private readonly TimeSpan _interval = sensor.Options.Interval;
    private int _failures;
    private int _pollsToSkip;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(UntilNextMultiple(), time, cancellationToken).ConfigureAwait(false);
        long started = time.GetTimestamp();
        long done = 0;
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            long due = time.GetElapsedTime(started).Ticks / _interval.Ticks;
            // The timer holds one tick back while a poll is at work; more than that were missed.
            metrics.PollsLate.Add(Math.Max(0, due - done));
            await PollAsync(cancellationToken).ConfigureAwait(false);
            done = Math.Max(due, done) + 1;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask PollAsync(CancellationToken cancellationToken)
    {
        if (_pollsToSkip > 0)
        {
            _pollsToSkip--;
            return;
        }
        ReadingTime at = PollTime();
        SensorState before = sensor.State;
        await sensor.MeasureAsync(_values, cancellationToken).ConfigureAwait(false);
        Tell(before);
        metrics.PollsFailed.Add(_values.All(value => value.Quality >= Quality.NoResponse) ? 1 : 0);
        for (int i = 0; i < series.Length; i++)
        {
            Send(series[i], _values[i], sensor.Quantities[i], at);
        }
    }

    private void Send(SourceSeries target, Measured measured, Quantity quantity, ReadingTime at)
    {
        if (target.Obstacle is { } obstacle)
        {
            metrics.ReadingsDropped.Add(obstacle);
            return;
        }
        Reading reading = measured.Quality < Quality.NoResponse
            ? Reading.OfNumber(target.Id, at, Math.Round(measured.Value, quantity.Decimals), measured.Quality)
            : Reading.WithoutValue(target.Id, at, measured.Quality);
        if (channel.WriteOrLose(reading, target.Lane))
        {
            metrics.ReadingsRead.Add(ReadingSource.I2c);
        }
        else
        {
            metrics.ReadingsDropped.Add(DropCause.ChannelFull);
        }
    }

    private void Tell(SensorState before)
    {
        if (sensor.State == SensorState.Ready)
        {
            if (before == SensorState.Absent)
            {
                Log.Found(logger, sensor.Options.Series, sensor.Options.Chip, sensor.Options.Address);
            }
            _failures = 0;
            return;
        }
        if (_failures == 0)
        {
            Log.Lost(logger, sensor.Options.Series, sensor.Options.Chip, sensor.Options.Address, _values[0].Quality);
        }
        _failures++;
        long longest = Math.Max(1, LongestAbsence.Ticks / _interval.Ticks);
        _pollsToSkip = (int)Math.Min(longest, 1L << Math.Min(_failures - 1, 20)) - 1;
    }

    /// <summary>
    /// Rounded to a hundredth of the interval and at most 100 ms: a tick's jitter is no knowledge, and regular times take no
    /// room in a batch.
    /// </summary>
    private ReadingTime PollTime()
    {
        ReadingTime now = clock.Now();
        long grid = Math.Clamp(_interval.Ticks / 100, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMillisecond * 100) * TimeSpan.NanosecondsPerTick;
        return now with { UnixNanoseconds = (now.UnixNanoseconds + (grid / 2)) / grid * grid };
    }

    private TimeSpan UntilNextMultiple()
    {
        long past = clock.UtcNow.UtcTicks % _interval.Ticks;
        return TimeSpan.FromTicks(past == 0 ? 0 : _interval.Ticks - past);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The sensor {Series} ({Chip} at 0x{Address:x2}) is there.")]
        public static partial void Found(ILogger logger, string series, I2cChip chip, int address);

        [LoggerMessage(LogLevel.Warning,
            "The sensor {Series} ({Chip} at 0x{Address:x2}) gives no value: {Quality}. Its readings say so until it is back; check its wiring.")]
        public static partial void Lost(ILogger logger, string series, I2cChip chip, int address, Quality quality);
    }
}
