using EdgeAgent.Uplink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <summary>What is said between the service and one inside about revisions: <see cref="ConfigWatch"/> and <see cref="ConfigReports"/>, until it is disposed of.</summary>
internal sealed class ServiceTalk : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly UplinkConnection _uploads;
    private readonly ConfigWatch _watch;
    private readonly Task _running;

    public ServiceTalk(IServiceProvider services, RevisionStore store, RevisionInbox inbox, TimeProvider time)
    {
        ControlConnection connection = services.GetRequiredService<ControlConnection>();
        UplinkOptions options = services.GetRequiredService<UplinkOptions>();
        _uploads = services.GetRequiredService<UplinkConnection>();
        _watch = new ConfigWatch(connection, store, inbox, options, time, Random.Shared, services.GetRequiredService<ILogger<ConfigWatch>>());
        var reports = new ConfigReports(connection, store, inbox, options, time, Random.Shared, services.GetRequiredService<ILogger<ConfigReports>>());
        _uploads.Opened += _watch.Hear;
        _running = Task.WhenAll(Task.Run(() => _watch.RunAsync(_stop.Token)), Task.Run(() => reports.RunAsync(_stop.Token)));
    }

    public async ValueTask DisposeAsync()
    {
        _uploads.Opened -= _watch.Hear;
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _running.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // As it was told.
        }
        _stop.Dispose();
    }
}
