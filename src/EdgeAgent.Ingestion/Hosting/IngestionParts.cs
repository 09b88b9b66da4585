using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Devices;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What the two servers share.</summary>
internal sealed record IngestionParts(
    IReadingStore Store, ControlDatabase Control, IReadingQueries Queries, StoreQueue Queue, StoreHealth Health, SilenceRule Silence, IngestMetrics Metrics,
    Configurations Configs, TimeProvider Time, ILoggerFactory Loggers);
