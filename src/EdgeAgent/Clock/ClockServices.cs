using EdgeAgent.Spooling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Clock;

/// <summary>The time, for the host.</summary>
internal static class ClockServices
{
    /// <summary>Adds the clock that everything asks. What it knows is kept beside the spool.</summary>
    public static IServiceCollection AddClock(this IServiceCollection services, ClockOptions options, SpoolOptions spool, TimeProvider time) => services
        .AddSingleton(provider => Create(options, spool, time, provider.GetRequiredService<ILogger<AgentClock>>()));

    /// <summary>The clock alone, for commands.</summary>
    public static AgentClock Create(ClockOptions options, SpoolOptions spool, TimeProvider time, ILogger<AgentClock> logger) =>
        new(options, Machine(time), ClockFile.Beside(spool.Path), BuildDate.Value, logger);

    /// <summary>Adds what writes it down.</summary>
    public static IServiceCollection AddClockKeeper(this IServiceCollection services) => services.AddHostedService<ClockKeeper>();

    private static IMachineClock Machine(TimeProvider time) =>
        OperatingSystem.IsLinux() && time == TimeProvider.System ? new KernelClock(time) : new ProviderClock(time);
}
