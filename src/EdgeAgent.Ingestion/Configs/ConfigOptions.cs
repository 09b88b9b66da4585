namespace EdgeAgent.Ingestion.Configs;

/// <summary>What configuring devices may cost. Section <c>configs</c> of the configuration.</summary>
internal sealed class ConfigOptions
{
    /// <summary>Bytes of one version of a layer at most. Default 256 KiB: a thousand sensors with all their settings. Each version is kept for ever.</summary>
    public int MaximumDocumentBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// Devices that may wait for their configuration at once, on this instance. Default 20,000: 200 MB with their connections. One more is told
    /// RESOURCE_EXHAUSTED and comes again.
    /// </summary>
    public int MaximumWatches { get; set; } = 20_000;

    /// <summary>Reports that are kept of a device; older ones go. Default 200: two a revision, a hundred revisions.</summary>
    public int KeptReports { get; set; } = 200;
}
