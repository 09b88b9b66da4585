using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Sensors.Host;

/// <summary>The health of the device itself, for the host.</summary>
internal static class HostServices
{
    public static IServiceCollection AddHostHealth(this IServiceCollection services) => services
        .AddSingleton<HostSensorSource>()
        .AddSensorSource<HostSensorSource>();
}
