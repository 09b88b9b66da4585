using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Batching;

/// <summary>
/// Counts what the spool gives up for want of space, and says so, at most once a minute: a full spool drops a segment every few seconds for days,
/// and must not fill the log as well. The loss itself is in the spool's ledger and reaches the cloud as an explained gap.
/// </summary>
internal sealed partial class EvictionWatch(AgentMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private Spool? _spool;
    private long _seen;
    private long _untold;
    private long? _toldAt;

    public void Observe(Spool spool)
    {
        if (spool != _spool)
        {
            // Opened anew, it counts from zero.
            (_spool, _seen) = (spool, 0);
        }
        long evicted = spool.Statistics.EvictedItems;
        metrics.ReadingsEvicted.Add(evicted - _seen);
        _untold += evicted - _seen;
        _seen = evicted;
        if (_untold > 0 && (_toldAt is not { } toldAt || time.GetElapsedTime(toldAt) >= Silence))
        {
            Log.Evicted(logger, _untold);
            (_untold, _toldAt) = (0, time.GetTimestamp());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The spool is full: its oldest {Readings} readings were dropped and entered in the ledger. See why nothing is uploaded, or raise spool.maximumBytes.")]
        public static partial void Evicted(ILogger logger, long readings);
    }
}
