using EdgeAgent.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Reconfiguration;

/// <summary>
/// The entries of one kind that run by themselves, each as a service of its own: started and stopped with the host, and one by one as the configuration changes.
/// Without entries it costs nothing.
/// </summary>
/// <param name="initial">What is begun by at the start.</param>
/// <param name="entriesOf">All entries of a configuration.</param>
/// <param name="create">What runs by an entry.</param>
/// <param name="keep">Is told of what runs on under another configuration.</param>
internal sealed class EntryServices<TOptions, TService>(
    AgentConfiguration initial, Func<AgentConfiguration, IEnumerable<Entry<TOptions>>> entriesOf, Func<TOptions, AgentConfiguration, TService> create,
    Action<TService, TOptions, AgentConfiguration> keep)
    : BackgroundService, IReconfigurable
    where TService : BackgroundService
{
    private readonly RunningEntries<TOptions, TService> _entries = new(entriesOf);
    private readonly Lock _beginning = new();
    private readonly TaskCompletionSource _defect = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopped;

    /// <summary>What runs now, in the order in which it began.</summary>
    public IReadOnlyList<TService> All => _entries.All;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(initial, cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_beginning)
        {
            _isStopped = true;
        }
        await EndAsync(_entries.RetireAll(), cancellationToken).ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        foreach (TService service in _entries.RetireAll())
        {
            service.Dispose();
        }
        base.Dispose();
    }

    public Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken) => EndAsync(_entries.Retire(next), cancellationToken);

    public Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        // Not while the host stops: nobody would stop what began then.
        lock (_beginning)
        {
            if (!_isStopped)
            {
                _entries.Begin(next, options => Begin(options, next), (service, options) => keep(service, options, next));
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>The host hears of a service that fails, which is a defect, as it does of its own.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _defect.Task.WaitAsync(stoppingToken);

    private static async Task EndAsync(IReadOnlyList<TService> services, CancellationToken cancellationToken)
    {
        await Task.WhenAll(services.Select(service => service.StopAsync(cancellationToken))).ConfigureAwait(false);
        foreach (TService service in services)
        {
            service.Dispose();
        }
    }

    private TService Begin(TOptions options, AgentConfiguration configuration)
    {
        TService service = create(options, configuration);
        // Returns at once: what a service does it does in the background.
        service.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        service.ExecuteTask?.ContinueWith(
            failed => _defect.TrySetException(failed.Exception!.InnerExceptions), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return service;
    }
}
