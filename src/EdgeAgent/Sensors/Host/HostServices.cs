using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Sensors.Host;

/// <summary>The health of the device itself, for the host.</summary>
internal static class HostServices
{
    public static IServiceCollection AddHostHealth(this IServiceCollection services, AgentConfiguration configuration) =>
        configuration.Host is null ? services : services.AddSingleton<ISensorSource, HostSensorSource>();
}
