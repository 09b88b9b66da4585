using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>Where a capture stands.</summary>
internal enum IioCaptureState
{
    /// <summary>The device is not there or cannot be set up; it is tried again.</summary>
    Looking,

    /// <summary>The kernel fills the buffer, and it is emptied ten times a second.</summary>
    Capturing,
}

/// <summary>
/// One device whose buffer is emptied: each record becomes a reading of each of its channels, at the time at which the kernel took it. What the
/// kernel's buffer lost shows as a gap between times, and is counted and told.
/// </summary>
internal sealed partial class IioCapture(
    IioCaptureOptions options, HardwareRoot root, IReadOnlyDictionary<string, string> deviceLabels, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics,
    AgentClock clock, TimeProvider time, ILogger logger)
{
    /// <summary>Ten wake-ups a second, and a tenth of the shortest buffer.</summary>
    public static readonly TimeSpan EmptyEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>A module that is loaded late, a device that is plugged in: nobody waits for it by the second.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>Another program may have stopped the buffer, or the trigger its clock: after ten periods and at least this long it is set up anew.</summary>
    public static readonly TimeSpan ShortestSilence = TimeSpan.FromSeconds(5);

    /// <summary>More than 100 ms of eight channels at 10 kHz give; what is left is taken at the next turn.</summary>
    private const int BufferBytes = 32 << 10;

    private readonly LogSampler _gapLog = new(time);
    private readonly byte[] _records = new byte[BufferBytes];
    private IioBufferOutcome _told = IioBufferOutcome.Started;
    private IioBuffer? _buffer;
    private CapturedSeries[] _series = [];
    private TimestampGaps _gaps = new(options.Rate);
    private long _lastSampleAt;

    public IioCaptureState State => _buffer is null ? IioCaptureState.Looking : IioCaptureState.Capturing;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await (State == IioCaptureState.Looking ? LookAsync(cancellationToken) : EmptyAsync(cancellationToken)).ConfigureAwait(false);
            }
        }
        finally
        {
            if (_buffer is not null)
            {
                // What the kernel has taken since the last time.
                TryEmpty();
            }
            Stop();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IioBufferOutcome outcome = IioBuffer.TryStart(root, options, out _buffer);
        if (_buffer is { } started)
        {
            _series = [.. started.Layout.Channels.Select(scanned => Series(started.Folder, scanned))];
            _gaps = new TimestampGaps(options.Rate);
            _lastSampleAt = time.GetTimestamp();
            Log.Started(logger, options.Sampling.Series, options.Device, _series.Length, options.Rate);
        }
        else if (outcome != _told)
        {
            Log.NotStarted(logger, options.Sampling.Series, options.Device, outcome, LookEvery);
        }
        _told = outcome;
        if (_buffer is null)
        {
            await Task.Delay(LookEvery, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EmptyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(EmptyEvery, time);
        while (TryEmpty())
        {
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
        Log.Ended(logger, options.Sampling.Series, options.Device);
        Stop();
    }

    /// <returns>False where nothing more will come.</returns>
    private bool TryEmpty()
    {
        int whole = _records.Length - (_records.Length % _buffer!.Layout.RecordBytes);
        int length;
        do
        {
            if (!_buffer.TryRead(_records.AsSpan(0, whole), out length))
            {
                return false;
            }
            for (int at = 0; at + _buffer.Layout.RecordBytes <= length; at += _buffer.Layout.RecordBytes)
            {
                Take(_records.AsSpan(at, _buffer.Layout.RecordBytes));
                _lastSampleAt = time.GetTimestamp();
            }
        }
        while (length == whole);
        TimeSpan silence = TimeSpan.FromSeconds(10 / options.Rate);
        return time.GetElapsedTime(_lastSampleAt) < (silence > ShortestSilence ? silence : ShortestSilence);
    }

    private void Take(ReadOnlySpan<byte> record)
    {
        long timestamp = ScanLayout.Decode(_buffer!.Layout.TimestampChannel, record);
        if (_gaps.MissedBefore(timestamp) is > 0 and var missed)
        {
            metrics.SamplesMissed.Add(missed);
            if (_gapLog.TryTake(out long unseen))
            {
                Log.Missed(logger, options.Sampling.Series, missed, unseen);
            }
        }
        ClockOffset offset = clock.Offset;
        ReadingTime at = _buffer.CountsSinceBoot ? new ReadingTime(timestamp + offset.Nanoseconds, offset) : timestamp;
        foreach (CapturedSeries series in _series)
        {
            series.Target.Write(Reading.OfNumber(series.Target.Id, at, series.Value(record)), channel, metrics, ReadingSource.Kernel);
        }
    }

    private CapturedSeries Series(string folder, ScanChannel scanned)
    {
        IioUnit unit = IioUnit.Of(scanned.Name);
        IioScale scale = IioScale.Read(folder, scanned.Name);
        SourceSeries target = SourceSeries.Register(
            catalog, options.Sampling.SeriesOf(SeriesLevel.From(scanned.Name)), unit.Unit, options.Sampling.LabelsOver(deviceLabels),
            SeriesKind.Number, options.Sampling.Lane, TimeSpan.FromSeconds(1 / options.Rate));
        return new CapturedSeries(scanned, target, scale.Scale * unit.Factor, scale.Offset, Math.Min(unit.Decimals, scale.Decimals(unit.Factor)));
    }

    private void Stop()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The capture {Series} runs: {Channels} channels of the IIO device {Device}, {Rate} samples a second.")]
        public static partial void Started(ILogger logger, string series, string device, int channels, double rate);

        [LoggerMessage(LogLevel.Warning, "The capture {Series} of the IIO device {Device} cannot start: {Outcome}. It is tried every {Interval}.")]
        public static partial void NotStarted(ILogger logger, string series, string device, IioBufferOutcome outcome, TimeSpan interval);

        [LoggerMessage(LogLevel.Warning, "The capture {Series} of the IIO device {Device} gives no more samples. It is set up anew.")]
        public static partial void Ended(ILogger logger, string series, string device);

        [LoggerMessage(LogLevel.Error,
            "{Missed} samples are missing in the capture {Series}: the kernel's buffer was full, or the trigger did not come ({Unseen} more such gaps were not shown).")]
        public static partial void Missed(ILogger logger, string series, long missed, long unseen);
    }
}
