using EdgeAgent.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Sensors.I2c;

/// <summary>The polled sensors, for the host.</summary>
internal static class I2cServices
{
    public static IServiceCollection AddI2cSensors(this IServiceCollection services, AgentConfiguration configuration) =>
        configuration.I2cBuses.Count == 0 ? services : services.AddHostedService<I2cSensorsService>();
}
