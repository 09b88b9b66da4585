using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// Reads one sensor at its interval. Polls fall on multiples of the interval, so that sensors with the same interval share
/// their times; the interval itself is counted by the clock that nobody sets.
/// </summary>
internal sealed partial class SensorPoller(
    SensorPlan plan, ReadingSource kind, IReadOnlyDictionary<string, string> deviceLabels, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics,
    AgentClock clock, TimeProvider time, ILogger logger)
{
    /// <summary>An absent sensor is tried after 1, 2, 4 … intervals, and at least this often.</summary>
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(5);

    private readonly ISensor _sensor = plan.Sensor;
    private readonly TimeSpan _interval = plan.Options.Interval;
    private SourceSeries[] _series = [];
    private Measured[] _values = [];
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
        bool wasPresent = _sensor.IsPresent;
        Register();
        await _sensor.MeasureAsync(_values, cancellationToken).ConfigureAwait(false);
        Tell(wasPresent);
        metrics.PollsFailed.Add(_values.All(value => value.Quality >= Quality.NoResponse) ? 1 : 0);
        for (int i = 0; i < _series.Length; i++)
        {
            Send(_series[i], _values[i], _sensor.Quantities[i], at);
        }
    }

    /// <summary>Once the sensor knows what it measures, which most do from the beginning.</summary>
    private void Register()
    {
        if (_series.Length == _sensor.Quantities.Count)
        {
            return;
        }
        var labels = new Dictionary<string, string>(deviceLabels, StringComparer.Ordinal);
        foreach ((string label, string value) in plan.Options.Labels)
        {
            labels[label] = value;
        }
        _values = new Measured[_sensor.Quantities.Count];
        _series = [.. _sensor.Quantities.Select(quantity => SourceSeries.Register(
            catalog, $"{plan.Options.Series.TrimEnd('/')}/{quantity.Name}", quantity.Unit, labels, quantity.Kind, plan.Options.Lane))];
    }

    private void Send(SourceSeries target, Measured measured, Quantity quantity, ReadingTime at)
    {
        if (target.Obstacle is { } obstacle)
        {
            metrics.ReadingsDropped.Add(obstacle);
            return;
        }
        Reading reading = measured.Quality >= Quality.NoResponse ? Reading.WithoutValue(target.Id, at, measured.Quality)
            : quantity.Kind == SeriesKind.Boolean ? Reading.OfBoolean(target.Id, at, measured.Value != 0, measured.Quality)
            : Reading.OfNumber(target.Id, at, Math.Round(measured.Value, quantity.Decimals), measured.Quality);
        if (channel.WriteOrLose(reading, target.Lane))
        {
            metrics.ReadingsRead.Add(kind);
        }
        else
        {
            metrics.ReadingsDropped.Add(DropCause.ChannelFull);
        }
    }

    private void Tell(bool wasPresent)
    {
        if (_sensor.IsPresent)
        {
            if (!wasPresent)
            {
                Log.Found(logger, plan.Options.Series, _sensor.Description);
            }
            _failures = 0;
            return;
        }
        if (_failures == 0)
        {
            Log.Lost(logger, plan.Options.Series, _sensor.Description, _values is [var first, ..] ? first.Quality : Quality.NoResponse);
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
        [LoggerMessage(LogLevel.Information, "The sensor {Series} ({Description}) is there.")]
        public static partial void Found(ILogger logger, string series, string description);

        [LoggerMessage(LogLevel.Warning,
            "The sensor {Series} ({Description}) gives no value: {Quality}. Its readings say so until it is back; check its wiring.")]
        public static partial void Lost(ILogger logger, string series, string description, Quality quality);
    }
}
