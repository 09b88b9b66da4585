using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Supervision;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Diagnostics;

/// <summary>What every stage shares.</summary>
internal static class AgentCoreServices
{
    public static IServiceCollection AddAgentCore(this IServiceCollection services, AgentConfiguration configuration, TimeProvider time) => services
        .AddSingleton(configuration)
        .AddSingleton<LiveConfiguration>()
        .AddSingleton(time)
        .AddSingleton<Heartbeats>()
        .AddClock(configuration.Clock, configuration.Spool, time)
        .AddSingleton(new SeriesCatalog(configuration.Device.MaximumSeries, configuration.Report))
        .AddSingleton(new ReadingChannel())
        // By a factory, so that the container disposes of it.
        .AddSingleton(static _ => new AgentMetrics());
}
