using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Devices;

/// <summary>
/// Which series are silent, by the service's clock alone:
/// <code>
/// silent := the last value came longer ago than 2 × its expected interval + the time that a device may take to report
/// </code>
/// Twice, so that a single failed read is no alarm. A reading without a value ends no silence, and late ones from the backlog tell nothing about now.
/// </summary>
internal sealed class SilenceRule(TimeSpan reportWithin, TimeProvider time)
{
    private readonly long _reportWithin = reportWithin.Ticks * TimeSpan.NanosecondsPerTick;

    private long Now => time.GetUtcNow().ToUnixNanoseconds();

    /// <returns>Null where the series is as it should be, or nobody knows how it should be.</returns>
    public Silence? Of(StoredSeries series)
    {
        long now = Now;
        if (series.ExpectedIntervalNanoseconds == 0 || now - series.HeardUnixNanoseconds <= (2 * series.ExpectedIntervalNanoseconds) + _reportWithin)
        {
            return null;
        }
        bool isOffline = now - series.DeviceSeenUnixNanoseconds > _reportWithin;
        bool isFailing = series.LastUnixNanoseconds is not null && series.LastQuality >= Quality.NoResponse;
        return isOffline ? new Silence(SilenceCause.DeviceOffline, Quality.Good)
            : isFailing ? new Silence(SilenceCause.SensorFails, series.LastQuality)
            : new Silence(SilenceCause.Unexplained, Quality.Good);
    }

    /// <summary>All that are silent now.</summary>
    public IEnumerable<(StoredSeries Series, Silence Silence)> In(IReadingQueries queries)
    {
        foreach (StoredSeries series in queries.Unheard(Now - _reportWithin))
        {
            if (Of(series) is { } silence)
            {
                yield return (series, silence);
            }
        }
    }
}
