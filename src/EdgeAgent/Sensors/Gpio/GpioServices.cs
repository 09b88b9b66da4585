using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Spooling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>The lines of GPIO chips, for the host.</summary>
internal static class GpioServices
{
    public static IServiceCollection AddGpio(this IServiceCollection services) => services
        .AddSingleton(static provider => new CounterMemory(
            CounterFile.Beside(provider.GetRequiredService<SpoolOptions>().Path), provider.GetRequiredService<ILogger<CounterMemory>>()))
        .AddSingleton<GpioLines>()
        .AddSingleton<IOutputs>(static provider => provider.GetRequiredService<GpioLines>())
        .AddSensorSource<GpioLines>()
        .AddHostedService<CounterKeeper>()
        .AddHostedService<GpioService>();
}
