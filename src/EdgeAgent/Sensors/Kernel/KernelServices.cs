using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>What the kernel's own drivers measure, for the host.</summary>
internal static class KernelServices
{
    public static IServiceCollection AddKernelSensors(this IServiceCollection services, AgentConfiguration configuration)
    {
        if (configuration.Kernel.IsPolled)
        {
            services.AddSingleton<ISensorSource, KernelSensorSource>();
        }
        return configuration.Kernel.Captures.Count == 0 ? services : services.AddHostedService<IioCaptureService>();
    }
}
