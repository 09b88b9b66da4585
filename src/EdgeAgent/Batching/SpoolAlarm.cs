using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Batching;

/// <summary>
/// That the spool takes no readings: a metric while it lasts; in the log a line when it begins, one a minute while it lasts or comes and goes, and
/// one when it is over. A disk that fails every second for a week must not fill the log, which may be on the same disk.
/// </summary>
internal sealed partial class SpoolAlarm(LostReadings lost, AgentMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private long? _since;
    private long? _toldAt;
    private bool _isKnown; // the log has a line of this time

    public bool IsRaised => _since is not null;

    /// <summary>To be called whenever the spool has refused, or could not be opened.</summary>
    public void Raise(Exception reason)
    {
        _since ??= time.GetTimestamp();
        metrics.SpoolAlarm.Set(1);
        lost.Cause = LossCause.DiskFull;
        if (_toldAt is { } toldAt && time.GetElapsedTime(toldAt) < Silence)
        {
            return;
        }
        (_toldAt, _isKnown) = (time.GetTimestamp(), true);
        TimeSpan lasting = time.GetElapsedTime(_since.Value);
        Log.TakesNothing(logger, lasting, reason.Message);
    }

    /// <summary>It takes readings again.</summary>
    public void Clear()
    {
        if (_since is not { } since)
        {
            return;
        }
        lost.Cause = LossCause.Overflow;
        metrics.SpoolAlarm.Set(0);
        if (_isKnown)
        {
            TimeSpan lasted = time.GetElapsedTime(since);
            Log.TakesAgain(logger, lasted);
        }
        (_since, _isKnown) = (null, false);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The spool has taken no readings for {Time}: {Reason} It is tried again and again. Meanwhile publishers are held back; of polled sensors what no longer fits into memory is dropped and counted.")]
        public static partial void TakesNothing(ILogger logger, TimeSpan time, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The spool takes readings again, after {Time}. What was dropped meanwhile goes into its ledger.")]
        public static partial void TakesAgain(ILogger logger, TimeSpan time);
    }
}
