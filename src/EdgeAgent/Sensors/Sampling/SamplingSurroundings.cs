using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>What every sampled sensor has to do with.</summary>
internal sealed record SamplingSurroundings(
    AgentConfiguration Configuration, SeriesCatalog Catalog, ReadingChannel Channel, AgentMetrics Metrics, TimeProvider Time, ILogger Logger);
