using Microsoft.Extensions.Hosting;

namespace EdgeAgent.RemoteConfig;

/// <summary>For a host that is one of several in the life of a process: it hears no signals; who built it tells it to stop.</summary>
internal sealed class ProcessLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
