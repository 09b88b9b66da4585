using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Devices;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What the two servers share.</summary>
internal sealed record IngestionParts(
    IReadingStore Store, ControlDatabase Control, IdentityParts Identity, Configurations Configs, RequestBoard Requests, IReadingQueries Queries,
    StoreQueue Queue, StoreHealth Health, SilenceRule Silence, IngestMetrics Metrics, TimeProvider Time, ILoggerFactory Loggers);
