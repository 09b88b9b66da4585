using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <content>What happens to readings behind the channel: batches, the spool, the uplink.</content>
internal sealed partial class AgentMetrics
{
    public Total BatchesClosed { get; } = new("edge_agent.batches.closed", "{batch}", "Batches appended to the spool.");

    public Total ReadingsBatched { get; } = new("edge_agent.readings.batched", "{reading}", "Readings appended to the spool.");

    /// <summary>Group commits: each is one wait for flash.</summary>
    public Total SpoolCommits { get; } = new("edge_agent.spool.commits", "{commit}", "Commits of the spool.");

    /// <summary>Left out by a rule of report-on-change or minimum interval; nothing is lost by that.</summary>
    public Total ReadingsSuppressed { get; } = new("edge_agent.readings.suppressed", "{reading}", "Readings left out by a report rule.");

    /// <summary>Times that the channel was no longer read because the spool had no room.</summary>
    public Total BatcherHeld { get; } = new("edge_agent.batcher.held", "{occurrence}", "Times the spool had no room for a batch.");

    public Total SpoolFailures { get; } = new("edge_agent.spool.failures", "{failure}", "Failures of the spool's disk, each followed by recovery.");

    public Total RecordsSent { get; } = new("edge_agent.uplink.records.sent", "{record}", "Records written to upload sessions, resends included.");

    public Total ReadingsAcknowledged { get; } = new("edge_agent.uplink.readings.acknowledged", "{reading}", "Readings that the cloud has reported durable.");

    /// <summary>Message bytes, before TLS and HTTP/2 framing.</summary>
    public Total WireBytes { get; } = new("edge_agent.uplink.bytes", "By", "Bytes of upload messages sent.");

    private void PublishPipeline(Meter meter)
    {
        BatchesClosed.Publish(meter);
        ReadingsBatched.Publish(meter);
        SpoolCommits.Publish(meter);
        ReadingsSuppressed.Publish(meter);
        BatcherHeld.Publish(meter);
        SpoolFailures.Publish(meter);
        RecordsSent.Publish(meter);
        ReadingsAcknowledged.Publish(meter);
        WireBytes.Publish(meter);
    }
}
