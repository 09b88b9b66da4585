using EdgeAgent.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Reconfiguration;

/// <summary>Stages that take changes, for the host.</summary>
internal static class ReconfigurableServices
{
    /// <summary>A stage that is there already takes changes, after those that were added before it.</summary>
    public static IServiceCollection AddReconfigurable<TStage>(this IServiceCollection services)
        where TStage : class, IReconfigurable =>
        services.AddSingleton<IReconfigurable>(static provider => provider.GetRequiredService<TStage>());

    /// <summary>Entries of one kind, each as a service of its own.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="entriesOf">All entries of a configuration.</param>
    /// <param name="create">What runs by an entry.</param>
    /// <param name="keep">What an entry has to be told that runs on.</param>
    public static IServiceCollection AddEntryServices<TOptions, TService>(
        this IServiceCollection services, Func<AgentConfiguration, IEnumerable<Entry<TOptions>>> entriesOf,
        Func<IServiceProvider, TOptions, AgentConfiguration, TService> create, Action<IServiceProvider, TService, TOptions, AgentConfiguration>? keep = null)
        where TService : BackgroundService => services
        .AddSingleton(provider => new EntryServices<TOptions, TService>(
            provider.GetRequiredService<AgentConfiguration>(),
            entriesOf,
            (options, configuration) => create(provider, options, configuration),
            (service, options, configuration) => keep?.Invoke(provider, service, options, configuration)))
        .AddSingleton<IHostedService>(static provider => provider.GetRequiredService<EntryServices<TOptions, TService>>())
        .AddReconfigurable<EntryServices<TOptions, TService>>();
}
