using EdgeAgent.Ingestion.Devices;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What the two servers share.</summary>
internal sealed record IngestionParts(
    IReadingStore Store, ControlDatabase Control, IReadingQueries Queries, StoreQueue Queue, StoreHealth Health, SilenceRule Silence, IngestMetrics Metrics, TimeProvider Time,
    ILoggerFactory Loggers, RequestBoard Requests);
