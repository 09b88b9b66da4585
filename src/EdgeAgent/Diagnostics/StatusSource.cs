using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Flash;
using EdgeAgent.Identity;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Diagnostics;

/// <summary>Looks at everything that says how the agent does. Costs nothing while nobody asks.</summary>
/// <remarks>There is no keeper of the identity where others manage the certificate.</remarks>
internal sealed class StatusSource(
    AgentMetrics metrics, AgentClock clock, SpoolSlot slot, SpoolOptions buffer, UplinkHealth health, UplinkConnection connection, UplinkService uplink,
    BacklogWatch backlog, TrafficBudget traffic, FlashOptions flash, SamplingService sampling, SeriesCatalog catalog, LogLevels levels, TimeProvider time,
    IdentityKeeper? identity = null)
{
    /// <summary>At some 200 bytes each: half of what an answer to the service may have.</summary>
    private const int MostSeries = 300;

    /// <summary>At some 300 bytes each: a fifth of that.</summary>
    private const int MostSensors = 64;

    private readonly long _started = time.GetTimestamp();

    /// <summary>Asks whoever decides on revisions, who lives longer than this; null where nobody does.</summary>
    public Func<ConfigurationStatus>? Configuration { get; set; }

    public AgentStatus Look()
    {
        Spool? spool = slot.Opened?.Spool;
        int count = catalog.Count;
        IReadOnlyList<SampledSensor> sensors = sampling.Sensors;
        return new AgentStatus
        {
            Version = AgentVersion.Value,
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
            FlashLeft = FlashLeft,
            Readings = new ReadingTotals(
                metrics.ReadingsRead.Sum, metrics.ReadingsSuppressed.Value, metrics.ReadingsBatched.Value, metrics.ReadingsAcknowledged.Value,
                metrics.ReadingsDropped.Sum, metrics.ReadingsEvicted.Value, metrics.ReadingsThinned.Value),
            LogLevel = levels.Least,
            Series = [.. Enumerable.Range(0, Math.Min(count, MostSeries)).Select(index => Of(catalog[new SeriesId(index)]))],
            SeriesLeftOut = Math.Max(0, count - MostSeries),
            Connection = new ConnectionStatus(connection.Device, connection.Endpoint, connection.Journal.Standing),
            Certificate = OfCertificate(),
            Clock = clock.Standing,
            Boot = new Guid(clock.BootId.Span, bigEndian: true),
            LiveDelay = metrics.Freshness.Value,
            Buffer = Of(spool),
            Flash = new FlashStatus(
                metrics.FlashSpool.Value, metrics.FlashPayload.Value, ProcessWrites.TryRead(), flash.MaximumBytesPerDay, FlashLeft, FlashWear.TryRead(buffer.Path)),
            // Those that fail first: they are what somebody looks for where there is no room for all.
            Sensors = [.. sensors.OrderByDescending(static sensor => sensor.Tally.View.FailedInARow > 0).Take(MostSensors).Select(Of)],
            SensorsLeftOut = Math.Max(0, sensors.Count - MostSensors),
            Configuration = Configuration?.Invoke(),
            Losses = new LossStatus(
                Enum.GetValues<DropCause>().Where(cause => metrics.ReadingsDropped[cause] > 0).ToDictionary(static cause => cause, cause => metrics.ReadingsDropped[cause]),
                spool?.Losses ?? new Dictionary<LossCause, ulong>()),
            Process = ProcessWatch.Look(),
        };
    }

    private long? FlashLeft => flash.MaximumBytesPerDay is null ? null : metrics.FlashLeft.Value;

    private static LaneStatus Of(Spool spool, SpoolLane lane, Uploader uploader)
    {
        SpoolQueue queue = spool[lane];
        return new LaneStatus(lane, uploader.State, queue.BacklogBytes, queue.OldestAge, queue.Released, queue.Committed);
    }

    private static SeriesStatus Of(Series series) => new(series.Definition, series.Interval, series.Last.View);

    private static SensorStatus Of(SampledSensor sensor) => new(
        sensor.Plan.Options.SeriesPrefix, sensor.Plan.Sensor.Description, sensor.Plan.Options.Interval, sensor.Plan.Sensor.IsPresent, sensor.Tally.View);

    private CertificateStatus OfCertificate()
    {
        DateTimeOffset? until = identity?.Expires ?? connection.CertificateUntil;
        return new CertificateStatus(until, clock.IsKnown ? until - clock.UtcNow : null, identity?.State);
    }

    private BufferStatus Of(Spool? spool)
    {
        long waiting = spool is null ? 0 : spool[SpoolLane.Alarm].BacklogBytes + spool[SpoolLane.Live].BacklogBytes + spool[SpoolLane.Backlog].BacklogBytes;
        double? rate = backlog.AppendedPerSecond;
        double left = Math.Max(0, buffer.MaximumBytes - waiting) / (rate ?? 0);
        TimeSpan? fullIn = spool is not null && left < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(left) : null;
        return new BufferStatus(buffer.Path, buffer.MaximumBytes, spool?.Statistics.BytesOnDisk, rate, fullIn, spool is null ? slot.Obstacle?.Message : null);
    }
}
