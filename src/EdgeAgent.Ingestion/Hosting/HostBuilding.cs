using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What both servers have in common.</summary>
internal static class HostBuilding
{
    public static WebApplicationBuilder Create(ILoggerFactory loggers)
    {
        // Environment variables, command lines and appsettings.json have no say: the configuration file is the only one.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        // The command listens to signals; two servers in one process must not both.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        return builder;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
