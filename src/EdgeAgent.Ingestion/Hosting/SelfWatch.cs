using EdgeAgent.Supervision;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>
/// What the service does where its supervisor watches it (WatchdogSec of the unit): it asks itself for its page, and tells the supervisor that it is alive while it
/// answers and the store's writer moves. A database that is away is answered for, and is no reason to start the service again.
/// </summary>
internal sealed class SelfWatch : IAsyncDisposable
{
    private readonly SelfCheck _check;
    private readonly Watchdog _watchdog;

    private SelfWatch(SelfCheck check, Watchdog watchdog) => (_check, _watchdog) = (check, watchdog);

    /// <returns>Null where nobody watches.</returns>
    public static SelfWatch? Begin(SupervisorSocket supervisor, IngestionHost host, IngestionOptions options, ILoggerFactory loggers)
    {
        if (Watchdog.LimitFromEnvironment() is not { } limit)
        {
            return null;
        }
        var check = new SelfCheck(SelfCheck.PageOf(options, host.WebPort), host.Hearts, TimeProvider.System);
        return new SelfWatch(check, new Watchdog(supervisor, limit, host.Hearts, inside: null, TimeProvider.System, loggers.CreateLogger<Watchdog>()));
    }

    public async ValueTask DisposeAsync()
    {
        _watchdog.Dispose();
        await _check.DisposeAsync();
    }
}
