using System.Reflection;
using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Flash;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Diagnostics;

/// <summary>Looks at everything that says how the agent does. Costs nothing while nobody asks.</summary>
internal sealed class StatusSource(
    AgentMetrics metrics, AgentClock clock, SpoolSlot slot, UplinkHealth health, UplinkConnection connection, UplinkService uplink, BacklogWatch backlog,
    TrafficBudget traffic, FlashOptions flash, SeriesCatalog catalog, LogLevels levels, TimeProvider time)
{
    /// <summary>At some 200 bytes each: half of what an answer may have.</summary>
    private const int MostSeries = 300;

    private readonly long _started = time.GetTimestamp();

    public static string Version { get; } =
        typeof(StatusSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public AgentStatus Look()
    {
        Spool? spool = slot.Opened?.Spool;
        int count = catalog.Count;
        return new AgentStatus
        {
            Version = Version,
            Running = time.GetElapsedTime(_started),
            Now = clock.UtcNow,
            IsTimeKnown = clock.IsKnown,
            Uplink = health.Progress,
            CertificateUntil = connection.CertificateUntil,
            Connections = (metrics.Connections.Value, metrics.ConnectFailures.Sum),
            Lanes = spool is null ? [] : [Of(spool, SpoolLane.Alarm, uplink.Alarm), Of(spool, SpoolLane.Live, uplink.Live), Of(spool, SpoolLane.Backlog, uplink.Backlog)],
            BacklogEmptyIn = backlog.EmptyIn,
            Spool = spool?.State,
            Traffic = traffic.Status(),
            FlashLeft = flash.MaximumBytesPerDay is null ? null : metrics.FlashLeft.Value,
            Readings = new ReadingTotals(
                metrics.ReadingsRead.Sum, metrics.ReadingsSuppressed.Value, metrics.ReadingsBatched.Value, metrics.ReadingsAcknowledged.Value,
                metrics.ReadingsDropped.Sum, metrics.ReadingsEvicted.Value, metrics.ReadingsThinned.Value),
            LogLevel = levels.Least,
            Series = [.. Enumerable.Range(0, Math.Min(count, MostSeries)).Select(index => Of(catalog[new SeriesId(index)]))],
            SeriesLeftOut = Math.Max(0, count - MostSeries),
        };
    }

    private static LaneStatus Of(Spool spool, SpoolLane lane, Uploader uploader)
    {
        SpoolQueue queue = spool[lane];
        return new LaneStatus(lane, TotalBy<UploadState>.Label(uploader.State), queue.BacklogBytes, queue.OldestAge, queue.Released, queue.Committed);
    }

    private static SeriesStatus Of(Series series) => new(series.Definition, series.Interval, series.Last.View);
}
