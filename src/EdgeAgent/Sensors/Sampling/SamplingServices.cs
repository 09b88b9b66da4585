using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>Everything that is read at a rate, for the host.</summary>
internal static class SamplingServices
{
    /// <summary>After every source has been added: where there is none, nothing runs.</summary>
    public static IServiceCollection AddSampling(this IServiceCollection services)
    {
        return !services.Any(service => service.ServiceType == typeof(ISensorSource)) ? services : services
            .AddSingleton<SamplingService>()
            .AddHostedService(static provider => provider.GetRequiredService<SamplingService>());
    }
}
