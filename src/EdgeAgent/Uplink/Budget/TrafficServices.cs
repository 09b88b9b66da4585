using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink.Budget;

/// <summary>What the line costs, for the host.</summary>
internal static class TrafficServices
{
    /// <summary>Adds the budget of the line. Needs the spool and the clock; to be added before the uplink, so that it stops after it.</summary>
    public static IServiceCollection AddTraffic(this IServiceCollection services, BudgetOptions options) => services
        .AddSingleton(static provider => KnownBy(provider.GetRequiredService<AgentClock>()))
        .AddSingleton(provider => new TrafficBudget(
            options,
            TrafficFile.Beside(provider.GetRequiredService<SpoolOptions>().Path),
            BootId.Current,
            provider.GetRequiredService<KnownTime>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<AgentMetrics>(),
            provider.GetRequiredService<ILogger<TrafficBudget>>()))
        .AddSingleton<ILaneBudget>(static provider => provider.GetRequiredService<TrafficBudget>())
        .AddHostedService<TrafficWatch>();

    private static KnownTime KnownBy(AgentClock clock) => () => clock.IsKnown ? clock.UtcNow : null;
}
