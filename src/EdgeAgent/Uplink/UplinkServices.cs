using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Uplink;

/// <summary>The sink of the agent, for the host.</summary>
internal static class UplinkServices
{
    /// <summary>Adds the uplink. Needs the spool and the catalog; to be added before the batcher, so that it stops after it.</summary>
    /// <exception cref="ArgumentException">The endpoint is not one of TLS.</exception>
    public static IServiceCollection AddUplink(this IServiceCollection services, UplinkOptions options)
    {
        if (options.Endpoint.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"The endpoint {options.Endpoint} is not https: readings are never sent in the clear.", nameof(options));
        }
        return services
            .AddSingleton(options)
            .AddSingleton<UplinkConnection>()
            .AddSingleton<SessionOpening>()
            .AddSingleton<BacklogWatch>()
            .AddSingleton<ILaneBudget, UnlimitedBudget>()
            .AddSingleton<SendGate>()
            .AddSingleton<UplinkService>()
            .AddHostedService(static provider => provider.GetRequiredService<UplinkService>());
    }
}
