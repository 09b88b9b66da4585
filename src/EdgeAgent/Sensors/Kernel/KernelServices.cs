using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>What the kernel's own drivers measure, for the host.</summary>
internal static class KernelServices
{
    public static IServiceCollection AddKernelSensors(this IServiceCollection services) => services
        .AddSingleton<KernelSensorSource>()
        .AddSensorSource<KernelSensorSource>()
        .AddEntryServices<IioCaptureOptions, IioCaptureService>(
            static configuration => configuration.Kernel.Captures.Select(capture => new Entry<IioCaptureOptions>(configuration.IdentityOf(capture.Sampling.Source), capture)),
            static (provider, capture, configuration) => new IioCaptureService(new IioCapture(
                capture,
                configuration.Device.Hardware,
                configuration.Device.Labels,
                provider.GetRequiredService<SeriesCatalog>(),
                provider.GetRequiredService<ReadingChannel>(),
                provider.GetRequiredService<AgentMetrics>(),
                provider.GetRequiredService<AgentClock>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<IioCapture>>())));
}
