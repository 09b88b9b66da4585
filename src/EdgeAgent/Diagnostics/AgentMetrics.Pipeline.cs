using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <content>What happens to readings behind the channel: batches, the spool, the uplink.</content>
internal sealed partial class AgentMetrics
{
    public Total BatchesClosed { get; } = new("edge_agent.batches.closed", "{batch}", "Batches appended to the spool.");

    public Total ReadingsBatched { get; } = new("edge_agent.readings.batched", "{reading}", "Readings appended to the spool.");

    /// <summary>Group commits: each is one wait for flash.</summary>
    public Total SpoolCommits { get; } = new("edge_agent.spool.commits", "{commit}", "Commits of the spool.");

    /// <summary>Left out by a rule of report-on-change, minimum interval or window; nothing is lost by that.</summary>
    public Total ReadingsSuppressed { get; } = new("edge_agent.readings.suppressed", "{reading}", "Readings left out by a report rule.");

    /// <summary>What each rule left out, and what it made.</summary>
    public TotalByRule ReportRules { get; } = new("edge_agent.rules.readings", "{reading}", "What report rules did to readings, by rule and effect.");

    /// <summary>Dropped, oldest first, because the spool was full. They are in its ledger.</summary>
    public Total ReadingsEvicted { get; } = new("edge_agent.readings.evicted", "{reading}", "Readings that the full spool gave up, oldest first.");

    /// <summary>Replaced by aggregates, oldest first, because the spool was full. How many is in its ledger.</summary>
    public Total ReadingsThinned { get; } =
        new("edge_agent.readings.thinned", "{reading}", "Readings that the full spool replaced by aggregates, oldest first.");

    public Total SegmentsThinned { get; } =
        new("edge_agent.spool.segments.thinned", "{segment}", "Segments that were made into one together with a neighbour.");

    /// <summary>Segments that could not be made smaller, or not be understood. They are dropped when their turn comes.</summary>
    public Total ThinningsRefused { get; } = new("edge_agent.spool.thinnings.refused", "{attempt}", "Attempts to thin that came to nothing.");

    /// <summary>Times that the channel was no longer read because the spool had no room.</summary>
    public Total BatcherHeld { get; } = new("edge_agent.batcher.held", "{occurrence}", "Times the spool had no room for a batch.");

    /// <summary>To be alarmed about: publishers are held back, and what is polled is being dropped or soon will be.</summary>
    public Level SpoolAlarm { get; } = new("edge_agent.spool.alarm", "1", "1 while the spool takes no readings, for want of room or because its disk fails; else 0.");

    public Total SpoolFailures { get; } = new("edge_agent.spool.failures", "{failure}", "Failures of the spool's disk, each followed by recovery.");

    /// <summary>What a power cut would cost at this moment, at most. Readings whose senders keep them are not among them once they are in a batch.</summary>
    public Level ReadingsAtRisk { get; } = new("edge_agent.loss_window.readings", "{reading}", "Readings in memory alone, which a power cut would lose now.");

    public ObservedAge LossWindow { get; } = new("edge_agent.loss_window.age", "Age of the oldest reading that is in memory alone, without those that wait in the channel.");

    /// <summary>What flash is written for: the encoded batches.</summary>
    public Total FlashPayload { get; } = new("edge_agent.flash.payload", "By", "Bytes of batches appended to the spool.");

    /// <summary>Divided by the payload this is the write amplification of the spool.</summary>
    public Total FlashSpool { get; } = new("edge_agent.flash.spool", "By", "Bytes that the spool handed to the file system, in whole pages, zero-filling included.");

    public Observed FlashFileSystem { get; } = new("edge_agent.flash.filesystem", "By", "Bytes that the process caused to be sent to storage, as the kernel counts them.");

    public Observed FlashDevice { get; } = new("edge_agent.flash.device", "By", "Bytes written to the spool's block device by anybody since the machine started.");

    /// <summary>Means nothing without a budget.</summary>
    public Level FlashLeft { get; } = new("edge_agent.flash.budget.left", "By", "What is left of spool.maximumBytesPerDay; negative where it was exceeded.");

    public Total RecordsSent { get; } = new("edge_agent.uplink.records.sent", "{record}", "Records written to upload sessions, resends included.");

    public Total ReadingsAcknowledged { get; } = new("edge_agent.uplink.readings.acknowledged", "{reading}", "Readings that the cloud has reported durable.");

    /// <summary>Sessions that were opened, whatever became of them.</summary>
    public Total SessionsOpened { get; } = new("edge_agent.uplink.sessions", "{session}", "Upload sessions opened.");

    public Total SessionsFailed { get; } = new("edge_agent.uplink.sessions.failed", "{session}", "Upload sessions that ended without a receipt.");

    /// <summary>Records that the service will never take, set aside on the device.</summary>
    public Total RecordsRefused { get; } = new("edge_agent.uplink.records.refused", "{record}", "Records refused by the service and set aside.");

    public Total GapsSent { get; } = new("edge_agent.uplink.gaps.sent", "{gap}", "Gaps that were explained to the service, resends included.");

    public Total Connections { get; } = new("edge_agent.uplink.connections", "{connection}", "TCP connections made to the service.");

    /// <summary>All that passes the socket: TLS, HTTP/2, messages.</summary>
    public Total WireBytesSent { get; } = new("edge_agent.uplink.sent", "By", "Bytes sent on the socket, TLS and HTTP/2 included.");

    public Total WireBytesReceived { get; } = new("edge_agent.uplink.received", "By", "Bytes received on the socket, TLS and HTTP/2 included.");

    private void PublishPipeline(Meter meter)
    {
        BatchesClosed.Publish(meter);
        ReadingsBatched.Publish(meter);
        SpoolCommits.Publish(meter);
        ReadingsSuppressed.Publish(meter);
        ReportRules.Publish(meter);
        ReadingsEvicted.Publish(meter);
        ReadingsThinned.Publish(meter);
        SegmentsThinned.Publish(meter);
        ThinningsRefused.Publish(meter);
        BatcherHeld.Publish(meter);
        SpoolAlarm.Publish(meter);
        SpoolFailures.Publish(meter);
        ReadingsAtRisk.Publish(meter);
        LossWindow.Publish(meter);
        FlashPayload.Publish(meter);
        FlashSpool.Publish(meter);
        FlashFileSystem.Publish(meter);
        FlashDevice.Publish(meter);
        FlashLeft.Publish(meter);
        meter.CreateObservableGauge(
            "edge_agent.flash.amplification", () => FlashPayload.Value == 0 ? 0 : (double)FlashSpool.Value / FlashPayload.Value, "1",
            "Bytes that the spool handed to the file system for each byte of its payload.");
        RecordsSent.Publish(meter);
        ReadingsAcknowledged.Publish(meter);
        SessionsOpened.Publish(meter);
        SessionsFailed.Publish(meter);
        RecordsRefused.Publish(meter);
        GapsSent.Publish(meter);
        Connections.Publish(meter);
        WireBytesSent.Publish(meter);
        WireBytesReceived.Publish(meter);
    }
}
