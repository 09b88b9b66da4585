using EdgeAgent.Diagnostics;
using EdgeAgent.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink;

/// <summary>The sink of the agent, for the host.</summary>
internal static class UplinkServices
{
    /// <summary>Adds the uplink. Needs the spool, the catalog and the clock; to be added before the batcher, so that it stops after it.</summary>
    /// <exception cref="ArgumentException">The endpoint is not one of TLS.</exception>
    public static IServiceCollection AddUplink(this IServiceCollection services, UplinkOptions options)
    {
        if (options.Endpoints.FirstOrDefault(static endpoint => endpoint.Scheme != Uri.UriSchemeHttps) is { } open)
        {
            throw new ArgumentException($"The endpoint {open} is not https: readings are never sent in the clear.", nameof(options));
        }
        services.TryAddSingleton<ILaneBudget, UnlimitedBudget>();
        services.TryAddSingleton<Heartbeats>();
        // Where nobody hands over the supervisor of the process, nobody is told.
        services.TryAddSingleton(static _ => new SupervisorSocket(null));
        return services
            .AddSingleton(options)
            .AddSingleton<CertificateTimes>()
            .AddSingleton(static provider => Connection(provider, provider.GetRequiredService<UplinkOptions>()))
            .AddSingleton(static provider => new ControlConnection(Connection(provider, provider.GetRequiredService<UplinkOptions>().ForControl())))
            .AddSingleton<SessionOpening>()
            .AddSingleton<UplinkHealth>()
            .AddSingleton<BacklogWatch>()
            .AddSingleton<SendGate>()
            .AddSingleton<UplinkService>()
            .AddHostedService(static provider => provider.GetRequiredService<UplinkService>());
    }

    /// <summary>A connection of its own, by options of its own.</summary>
    public static UplinkConnection Connection(IServiceProvider provider, UplinkOptions options) => new(
        options,
        provider.GetRequiredService<AgentMetrics>(),
        provider.GetRequiredService<CertificateTimes>(),
        provider.GetRequiredService<TimeProvider>(),
        Random.Shared,
        provider.GetRequiredService<ILogger<UplinkConnection>>());
}
