using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Gpio.Native;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Sensors.I2c;

/// <summary>The chips on I2C buses, for the host.</summary>
internal static class I2cServices
{
    public static IServiceCollection AddI2cSensors(this IServiceCollection services, AgentConfiguration configuration) => services
        .AddSingleton<IBusLinesSource>(new GpioBusLinesSource(new KernelGpio(configuration.Device.Hardware)))
        .AddSingleton<I2cSensorSource>()
        .AddSensorSource<I2cSensorSource>();
}
