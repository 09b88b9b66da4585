using EdgeAgent.Clock;
using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors;
using EdgeAgent.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <summary>The agent's inside, which can be built anew in the same process, and what listens to the service for revisions while it runs.</summary>
internal sealed partial class RunningAgent(
    RevisionStore store, RevisionInbox inbox, SupervisorSocket supervisor, Heartbeats hearts, TimeProvider time, Action<ILoggingBuilder>? logging,
    ILogger logger) : IRunningAgent, IAsyncDisposable
{
    /// <summary>For building the inside anew, beside what it is given to end: opening its spool may be a recovery.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Heartbeat _heart = hearts.Add("the agent's inside, which is built anew", Patience);
    private AgentHost? _host;
    private Layered? _current;
    private TookEffect? _effect;
    private ServiceTalk? _talk;

    /// <summary>Another configuration is in force, the first one too. Told to whoever lives as long as the process.</summary>
    public Action<AgentConfiguration>? Changed { get; set; }

    /// <summary>What a status says of revisions.</summary>
    public Func<ConfigurationStatus>? Standing { get; set; }

    public Layered Current => _current ?? throw new InvalidOperationException("Nothing has been started.");

    /// <summary>What runs at present; null between two.</summary>
    public AgentHost? Host => Volatile.Read(ref _host);

    public bool HasEnded => _host?.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested == true;

    /// <summary>The inside has ended because somebody wants the agent to begin anew.</summary>
    public bool IsRestartWished => _host?.IsRestartWished == true;

    public long UnixNanoseconds => _host?.Services.GetRequiredService<AgentClock>() is { IsKnown: true } clock ? UnixTime.Nanoseconds(clock.UtcNow) : 0;

    private LiveConfiguration Live => _host!.Services.GetRequiredService<LiveConfiguration>();

    public ReconfigurationNeed NeedFor(Layered next) => Live.NeedFor(next.Configuration);

    public Task<string?> TryOutAsync(Layered next, CancellationToken cancellationToken) =>
        BootstrapTrial.RunAsync(_host!.Services, next, time, cancellationToken);

    public async Task ChangeAsync(Layered next, CancellationToken cancellationToken)
    {
        ReconfigurationNeed need = NeedFor(next);
        if (need == ReconfigurationNeed.Rebuild)
        {
            await RebuildAsync(next, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (need == ReconfigurationNeed.Apply)
        {
            await Live.ApplyAsync(next.Configuration, cancellationToken).ConfigureAwait(false);
        }
        TakeEffect(next);
    }

    public async Task RebuildAsync(Layered next, CancellationToken cancellationToken)
    {
        Log.Rebuilding(logger, next.Header.Number);
        // Meanwhile there are no stages to look at.
        _heart.Turn(Current.Configuration.Device.StopWithin + Patience);
        try
        {
            await StopAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await StartAsync(next, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _heart.Rest();
        }
    }

    /// <summary>Builds the inside and starts it. Where that fails nothing is left of it.</summary>
    public async Task StartAsync(Layered layered, CancellationToken cancellationToken)
    {
        AgentHost host = AgentHost.Create(layered.Configuration, time, logging, new ProcessLifetime(), supervisor);
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // What had started is ended by its disposal.
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        host.Services.GetRequiredService<StatusSource>().Configuration = Standing;
        _host = host;
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(inbox.Pulse.Set);
        TakeEffect(layered);
        if (layered.Configuration.Remote.Watch)
        {
            _talk = new ServiceTalk(host.Services, store, inbox, time);
        }
    }

    public TrialSample Look(TimeSpan limit) => _effect!.Look(limit) with { HasEnded = HasEnded };

    public IReadOnlyList<RevisionError> SilentSensors(TimeSpan limit) => _effect!.Silent(limit);

    /// <summary>In order: nobody hears of revisions any more, then sources stop and everything drains.</summary>
    public async Task StopAsync()
    {
        if (_talk is { } talk)
        {
            _talk = null;
            await talk.DisposeAsync().ConfigureAwait(false);
        }
        _effect?.Leave();
        if (_host is { } host)
        {
            _host = null;
            try
            {
                await host.StopAsync().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                // The host has gone through all its services and says what some of them threw: there is nothing left to stop.
                Log.NotStopped(logger, failure);
            }
            await host.DisposeAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    private void TakeEffect(Layered layered)
    {
        bool areSensorsNew = _current is null || !PolledSensors.AreSame(_current.Configuration, layered.Configuration);
        _effect?.Leave();
        _current = layered;
        Changed?.Invoke(layered.Configuration);
        _effect = new TookEffect(_host!, layered, areSensorsNew, _effect, inbox.Pulse);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The agent's inside is ended and built anew for configuration {Number} (0: its own file).")]
        public static partial void Rebuilding(ILogger logger, ulong number);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The agent's inside did not end in order. What is in the spool is safe.")]
        public static partial void NotStopped(ILogger logger, Exception failure);
    }
}
