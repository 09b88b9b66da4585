using System.Runtime.InteropServices;
using EdgeAgent.Batching;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Diagnostics.Limits;
using EdgeAgent.LocalStatus;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Commands;

/// <summary>
/// What the process runs from its start to its end: the agent's inside by the configuration in force, which may change under it. Ends in order at SIGTERM and
/// SIGINT, and reads its file again at SIGHUP.
/// </summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    /// <summary>What an end may take beside draining: the state of the clock and of the revisions, the mark of the spool, and hosts that wait for each other.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(15);

    private readonly ILoggerFactory _logging;
    private readonly SupervisorSocket _supervisor = SupervisorSocket.FromEnvironment();
    private readonly Heartbeats _hearts;
    private readonly TimeProvider _time;
    private readonly RevisionStore _store;
    private readonly RevisionInbox _inbox = new();
    private readonly RunningAgent _agent;
    private readonly RevisionLoop _loop;
    private readonly Layered _start;
    private readonly LocalStatusService _local;

    private AgentProcess(OwnFile own, RevisionStore store, Layered start, TimeProvider time, Action<ILoggingBuilder>? logging, ILoggerFactory factory)
    {
        (_logging, _store, _start, _time, _hearts) = (factory, store, start, time, new Heartbeats(time));
        _agent = new RunningAgent(store, _inbox, _supervisor, _hearts, time, logging, factory.CreateLogger<RunningAgent>());
        _loop = new RevisionLoop(_agent, own, store, _inbox, _supervisor, BootId.Current, time, factory.CreateLogger<RevisionLoop>());
        _local = new LocalStatusService(() => Host, time, factory.CreateLogger<LocalStatusService>());
        (_agent.Changed, _agent.Standing) = (_local.Use, () => ConfigurationStatus.Of(State, _loop));
    }

    /// <summary>What runs at present; null between two.</summary>
    public AgentHost? Host => _agent.Host;

    /// <summary>What is being done about revisions.</summary>
    public RevisionPhase Phase => _loop.Phase;

    /// <summary>What is remembered of them.</summary>
    public RevisionState State => _store.State;

    /// <param name="file">The device's own file.</param>
    /// <param name="errors">What is wrong with it, where there is nothing to start with.</param>
    /// <param name="time">The system's clock where it is null.</param>
    /// <param name="logging">Where the log goes; nowhere where it is null.</param>
    /// <returns>Null where there is nothing to start with.</returns>
    public static AgentProcess? Create(
        string file, out IReadOnlyList<ConfigError> errors, TimeProvider? time = null, Action<ILoggingBuilder>? logging = null)
    {
        if (!OwnFile.TryRead(file, out OwnFile own, out errors) || StateFolderOf(own, out errors) is not { } state)
        {
            return null;
        }
        StepDown.ToOwnerOf(state);
        // What is said here comes before, between and after the insides.
        time ??= TimeProvider.System;
        var factory = new LimitedLoggerFactory(
            LoggerFactory.Create(builder =>
            {
                builder.Services.AddSingleton(time);
                logging?.Invoke(builder);
            }),
            time);
        ILogger logger = factory.CreateLogger<AgentProcess>();
        var store = new RevisionStore(state, factory.CreateLogger<RevisionStore>());
        store.Open();
        if (!StartingPoint.TryFind(own, store, BootId.Current, logger, out Layered? start, out errors))
        {
            factory.Dispose();
            return null;
        }
        return new AgentProcess(own, store, start, time, logging, factory);
    }

    /// <summary>The own file is to be read again, as at SIGHUP.</summary>
    public void Reload() => _inbox.AskReload();

    /// <summary>Runs until it is told to end by a signal or by the token.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Reload();
        });
        try
        {
            _local.Use(_start.Configuration);
            await _agent.StartAsync(_start, stop.Token).ConfigureAwait(false);
            _supervisor.TellReady(_start.Words);
            using Watchdog? watchdog = Watch();
            await _loop.RunAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to end before it had begun.
        }
        // The spool, the clock and what the hosts themselves do come after the time that is given for draining.
        _supervisor.TellStopping((Host is null ? _start : _agent.Current).Configuration.Device.StopWithin + Closing, "Drains and ends.");
        bool isRestart = _agent.IsRestartWished;
        await _agent.StopAsync().ConfigureAwait(false);
        if (!isRestart && !stop.IsCancellationRequested)
        {
            return ExitCode.Failure;
        }
        if (_store.State.Run is { } run)
        {
            _store.Save(_store.State with { Run = run with { End = RunEnd.InOrder } });
        }
        return isRestart ? ExitCode.Restart : ExitCode.Success;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync().ConfigureAwait(false);
        await _local.DisposeAsync().ConfigureAwait(false);
        _supervisor.Dispose();
        _logging.Dispose();
    }

    private Watchdog? Watch() => Watchdog.LimitFromEnvironment() is { } limit
        ? new Watchdog(_supervisor, limit, _hearts, () => Host?.Hearts, _time, _logging.CreateLogger<Watchdog>())
        : null;

    private static string? StateFolderOf(OwnFile own, out IReadOnlyList<ConfigError> errors)
    {
        var reading = new ConfigReading(own.Path, own.Folder);
        string? folder = AgentConfigurationReader.ReadStateFolder(own.Content.Span, reading);
        errors = folder is null ? reading.Errors.InOrder() : [];
        return folder;
    }
}
