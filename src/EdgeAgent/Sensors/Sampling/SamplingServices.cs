using EdgeAgent.Reconfiguration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>Everything that is read at a rate, for the host.</summary>
internal static class SamplingServices
{
    /// <summary>After every source has been added: its sensors are let go of before the source closes what they are on, and read after the source has them.</summary>
    public static IServiceCollection AddSampling(this IServiceCollection services) => services
        .AddSingleton<SamplingService>()
        .AddSingleton<IHostedService>(static provider => provider.GetRequiredService<SamplingService>())
        .AddReconfigurable<SamplingService>();

    /// <summary>A source whose sensors are read at a rate, and which takes changes.</summary>
    public static IServiceCollection AddSensorSource<TSource>(this IServiceCollection services)
        where TSource : class, ISensorSource, IReconfigurable => services
        .AddSingleton<ISensorSource>(static provider => provider.GetRequiredService<TSource>())
        .AddReconfigurable<TSource>();
}
