using EdgeAgent.Ingestion.Devices;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What the two servers share.</summary>
internal sealed record IngestionParts(
    IReadingStore Store, IReadingQueries Queries, StoreQueue Queue, StoreHealth Health, SilenceRule Silence, IngestMetrics Metrics, TimeProvider Time,
    ILoggerFactory Loggers);
