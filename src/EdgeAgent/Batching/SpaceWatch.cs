using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Batching;

/// <summary>
/// Counts what gives way in a spool without room, and says so, at most once a minute: a full spool thins or drops a segment every few seconds for
/// days, and must not fill the log as well. The loss itself is in the spool's ledger and reaches the cloud as an explained gap.
/// </summary>
internal sealed partial class SpaceWatch(AgentMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private Spool? _spool;
    private SpoolStatistics _seen;
    private long _untoldEvicted;
    private long _untoldThinned;
    private long? _toldAt;

    public void Observe(Spool spool)
    {
        if (spool != _spool)
        {
            // Opened anew, it counts from zero.
            (_spool, _seen) = (spool, default);
        }
        SpoolStatistics now = spool.Statistics;
        metrics.ReadingsEvicted.Add(now.EvictedItems - _seen.EvictedItems);
        metrics.ReadingsThinned.Add(now.ThinnedItems - _seen.ThinnedItems);
        metrics.SegmentsThinned.Add(now.ThinnedSegments - _seen.ThinnedSegments);
        metrics.ThinningsRefused.Add(now.RefusedThinnings - _seen.RefusedThinnings);
        _untoldEvicted += now.EvictedItems - _seen.EvictedItems;
        _untoldThinned += now.ThinnedItems - _seen.ThinnedItems;
        _seen = now;
        if (_untoldEvicted + _untoldThinned > 0 && (_toldAt is not { } toldAt || time.GetElapsedTime(toldAt) >= Silence))
        {
            Tell();
            (_untoldEvicted, _untoldThinned, _toldAt) = (0, 0, time.GetTimestamp());
        }
    }

    private void Tell()
    {
        if (_untoldThinned > 0)
        {
            Log.Thinned(logger, _untoldThinned);
        }
        if (_untoldEvicted > 0)
        {
            Log.Evicted(logger, _untoldEvicted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The spool is full: {Readings} of its oldest readings were replaced by their minima, maxima, means and counts. See why nothing is uploaded, or raise spool.maximumBytes.")]
        public static partial void Thinned(ILogger logger, long readings);

        [LoggerMessage(Level = LogLevel.Error, Message = "The spool is full: its oldest {Readings} readings were dropped and entered in the ledger. See why nothing is uploaded, or raise spool.maximumBytes.")]
        public static partial void Evicted(ILogger logger, long readings);
    }
}
