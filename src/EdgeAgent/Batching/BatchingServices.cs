using EdgeAgent.Flash;
using EdgeAgent.Protocol;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Spooling;
using EdgeAgent.Thinning;
using EdgeAgent.Uplink;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Batching;

/// <summary>The middle of the agent, for the host.</summary>
internal static class BatchingServices
{
    /// <summary>
    /// Adds the spool: opened before, and closed after, everything that is added later. Where it is full, the oldest readings are thinned
    /// before any are dropped, and compressed as new ones are.
    /// </summary>
    public static IServiceCollection AddSpool(this IServiceCollection services, SpoolOptions options, BatchCompression compression)
    {
        options.Thinner ??= new ReadingThinner(compression, ThinningLimits.ForSegments(options.SegmentBytes));
        if (options.Durability == SpoolDurability.OfflineOnly)
        {
            services.AddSingleton<IUplinkTrouble, UplinkTrouble>().AddHostedService<UplinkTroubleWatch>();
        }
        return services
            .AddSingleton(options)
            .AddSingleton<SpoolSlot>()
            .AddHostedService(static provider => provider.GetRequiredService<SpoolSlot>());
    }

    /// <summary>
    /// Adds the batcher. It writes flash as sparingly as it is told. Needs the spool, the channel and the catalog; to be added before the sources, so that it stops after them.
    /// </summary>
    public static IServiceCollection AddBatching(this IServiceCollection services, BatchOptions options, FlashOptions flash) => services
        .AddSingleton(options)
        .AddSingleton(flash)
        .AddSingleton<Batcher>()
        .AddSingleton<IReconfigurable>(static provider => provider.GetRequiredService<Batcher>())
        .AddHostedService(static provider => provider.GetRequiredService<Batcher>());
}
