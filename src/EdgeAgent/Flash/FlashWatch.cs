using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Flash;

/// <summary>
/// Counts what the spool writes, for the metrics and, where there is one, for the day's budget; and says when the next commit may be. Called by the
/// batcher, after each commit.
/// </summary>
internal sealed partial class FlashWatch
{
    /// <summary>How much of a day's bytes may be missing in the file when the process dies: so much a run after that takes as written.</summary>
    private const int UnsavedShare = 32;

    private static readonly TimeSpan SaveEvery = TimeSpan.FromHours(1);

    private readonly AgentMetrics _metrics;
    private readonly ILogger _logger;
    private readonly FlashDayFile? _file;
    private readonly FlashBudget? _budget;
    private FlashDay _saved;
    private Spool? _spool;
    private SpoolStatistics _seen;
    private bool _isExceededTold;

    /// <param name="options">Perhaps with a budget.</param>
    /// <param name="spoolPath">Where the spool is. What is left of the day's bytes is kept beside it.</param>
    /// <param name="now">On a clock that only counts.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="logger">The log.</param>
    public FlashWatch(FlashOptions options, string spoolPath, TimeSpan now, AgentMetrics metrics, ILogger logger)
    {
        (_metrics, _logger) = (metrics, logger);
        metrics.FlashFileSystem.Source = ProcessWrites.TryRead;
        metrics.FlashDevice.Source = new DeviceWrites(spoolPath).TryRead;
        if (options.MaximumBytesPerDay is not { } bytes)
        {
            return;
        }
        _file = new FlashDayFile(Path.TrimEndingDirectorySeparator(spoolPath) + ".flash");
        if (_file.TryRead(out _saved, out bool isClean) && !isClean)
        {
            _saved = _saved with { Written = _saved.Written + (bytes / UnsavedShare) };
        }
        _budget = new FlashBudget(bytes, options.LongestWait, _saved, now);
        metrics.FlashLeft.Set(_budget.Left);
    }

    /// <summary>A commit is not to be started before. Without a budget always now.</summary>
    public TimeSpan MayCommitAt => _budget?.MayCommitAt ?? TimeSpan.MinValue;

    /// <summary>A commit is done.</summary>
    public void Committed(Spool spool, TimeSpan now)
    {
        if (spool != _spool)
        {
            // Opened anew, it counts from zero.
            (_spool, _seen) = (spool, default);
        }
        SpoolStatistics statistics = spool.Statistics;
        long written = statistics.BytesWritten - _seen.BytesWritten;
        _metrics.FlashPayload.Add(statistics.AppendedBytes - _seen.AppendedBytes);
        _metrics.FlashSpool.Add(written);
        _seen = statistics;
        if (_budget is null)
        {
            return;
        }
        _budget.Committed(now, written);
        _metrics.FlashLeft.Set(_budget.Left);
        TellWhereExceeded(_budget);
        FlashDay day = _budget.Day;
        if (day.Elapsed < _saved.Elapsed || day.Elapsed - _saved.Elapsed >= SaveEvery || day.Written - _saved.Written >= _budget.BytesPerDay / (2 * UnsavedShare))
        {
            Save(isClean: false);
        }
    }

    /// <summary>The process ends in order.</summary>
    public void Close() => Save(isClean: true);

    private void Save(bool isClean)
    {
        if (_budget is not null && _file!.TryWrite(_budget.Day, isClean))
        {
            _saved = _budget.Day;
        }
    }

    private void TellWhereExceeded(FlashBudget budget)
    {
        if (budget.Left < 0 && !_isExceededTold)
        {
            Log.Exceeded(_logger, budget.BytesPerDay);
        }
        _isExceededTold = budget.Left < 0;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "More than the {Bytes} bytes of spool.maximumBytesPerDay were written today: readings come faster than that allows, and durability goes first. Raise it, or longestCommitWait, or report less.")]
        public static partial void Exceeded(ILogger logger, long bytes);
    }
}
