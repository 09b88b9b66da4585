using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink;

/// <summary>
/// Looks at the lanes every few seconds: what waits in each, and when the backlog will be empty. Says so in the metrics, and of the backlog in the log:
/// when there is one, each quarter of an hour while there is, and when it is gone.
/// </summary>
internal sealed partial class BacklogWatch
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(15);

    /// <summary>Long enough that the sessions of a slow line do not make it jump.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    /// <summary>Several batches of slow sensors. What a spool has room for is said in hours and days.</summary>
    private static readonly TimeSpan FillMemory = TimeSpan.FromMinutes(15);

    private readonly SpoolSlot _slot;
    private readonly TimeProvider _time;
    private readonly AgentMetrics _metrics;
    private readonly ILogger _logger;
    private readonly DrainForecast _forecast = new(Memory);
    private readonly RecentRate _appended = new(FillMemory);
    private readonly long _origin;
    private TimeSpan _tellAt;
    private bool _isTold;
    private long _emptyInTicks; // 0: not known
    private double _appendedPerSecond = double.NaN;

    public BacklogWatch(SpoolSlot slot, TimeProvider time, AgentMetrics metrics, ILogger<BacklogWatch> logger)
    {
        (_slot, _time, _metrics, _logger, _origin) = (slot, time, metrics, logger, time.GetTimestamp());
        metrics.BacklogDrained.Source = () => EmptyIn;
        metrics.BacklogAge.Source = () => slot.Opened?.Spool[SpoolLane.Backlog].OldestAge;
    }

    /// <summary>When the backlog will be empty; null where that is not known, or it is.</summary>
    public TimeSpan? EmptyIn => Volatile.Read(ref _emptyInTicks) is > 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>Bytes of payload a second that are appended to all lanes, of late; null while nothing is known.</summary>
    public double? AppendedPerSecond => Volatile.Read(ref _appendedPerSecond) is var rate && double.IsNaN(rate) ? null : rate;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    public void Look()
    {
        if (_slot.Opened is not { } opened)
        {
            return;
        }
        _metrics.AlarmWaiting.Set(opened.Spool[SpoolLane.Alarm].BacklogBytes);
        _metrics.LiveWaiting.Set(opened.Spool[SpoolLane.Live].BacklogBytes);
        long bytes = opened.Spool[SpoolLane.Backlog].BacklogBytes;
        _metrics.BacklogWaiting.Set(bytes);
        TimeSpan now = _time.GetElapsedTime(_origin);
        _forecast.Observe(now, bytes);
        Volatile.Write(ref _emptyInTicks, _forecast.EmptyIn?.Ticks ?? 0);
        _appended.Observe(now, opened.Spool.Statistics.AppendedBytes);
        Volatile.Write(ref _appendedPerSecond, _appended.PerSecond ?? double.NaN);
        Tell(bytes, now);
    }

    private void Tell(long bytes, TimeSpan now)
    {
        if (bytes == 0)
        {
            if (_isTold)
            {
                Log.Gone(_logger);
            }
            (_isTold, _tellAt) = (false, now);
            return;
        }
        if (now < _tellAt)
        {
            return;
        }
        (_isTold, _tellAt) = (true, now + TellEvery);
        if (_forecast.EmptyIn is { } left)
        {
            (long rate, TimeSpan whole) = ((long)_forecast.BytesPerSecond, TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)));
            Log.Draining(_logger, bytes, rate, whole);
        }
        else
        {
            Log.Waiting(_logger, bytes);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "A backlog of {Bytes} bytes waits behind the live data. When it will be sent is not known.")]
        public static partial void Waiting(ILogger logger, long bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "A backlog of {Bytes} bytes becomes less by {Rate} bytes a second: all of it will be sent in {Time}.")]
        public static partial void Draining(ILogger logger, long bytes, long rate, TimeSpan time);

        [LoggerMessage(Level = LogLevel.Information, Message = "The backlog is sent.")]
        public static partial void Gone(ILogger logger);
    }
}
