using System.Net;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Diagnostics.Limits;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Commands;

/// <summary>A whole agent in this process: what <c>run</c> runs, and what samples and end-to-end tests hold in their hands.</summary>
internal sealed class AgentHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly RestartWish _restart; // asked for after the host has gone with its services

    private AgentHost(IHost host) => (_host, _restart) = (host, host.Services.GetRequiredService<RestartWish>());

    public AgentMetrics Metrics => _host.Services.GetRequiredService<AgentMetrics>();

    /// <summary>Its stages' signs of life.</summary>
    public Heartbeats Hearts => _host.Services.GetRequiredService<Heartbeats>();

    public SeriesCatalog Catalog => _host.Services.GetRequiredService<SeriesCatalog>();

    /// <summary>It has ended to be started again.</summary>
    public bool IsRestartWished => _restart.IsMade;

    public IServiceProvider Services => _host.Services;

    /// <param name="configuration">What the agent is told.</param>
    /// <param name="time">The system's clock where it is null.</param>
    /// <param name="logging">Where the log goes; nowhere where it is null.</param>
    /// <param name="lifetime">What tells the host to stop; the process' signals where it is null.</param>
    /// <param name="supervisor">Who is told how it gets on; nobody where it is null.</param>
    public static AgentHost Create(
        AgentConfiguration configuration, TimeProvider? time = null, Action<ILoggingBuilder>? logging = null, IHostLifetime? lifetime = null,
        SupervisorSocket? supervisor = null)
    {
        // Empty: no settings files, no environment variables, nothing that could change the agent besides its configuration.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "edge-agent" });
        TimeProvider clock = time ?? TimeProvider.System;
        var levels = new LogLevels(configuration.Device.LogLevel, clock);
        var ring = new LogRing(clock);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFilter(levels.IsWanted).AddProvider(ring);
        logging?.Invoke(builder.Logging);
        builder.Services.AddLimitedLogging(clock);
        builder.Services.AddSingleton(levels).AddSingleton<IReconfigurable>(levels).AddSingleton(ring);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = configuration.Device.StopWithin);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        if (supervisor is not null)
        {
            // It outlives this inside.
            builder.Services.AddSingleton(supervisor);
        }
        builder.Services.AddAgent(configuration, clock);
        if (lifetime is not null)
        {
            builder.Services.AddSingleton(lifetime);
        }
        return new AgentHost(builder.Build());
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    /// <summary>Drains: sources stop, what is read is committed, what is committed is sent as far as the time allows.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <summary>Runs until SIGTERM or SIGINT, then drains.</summary>
    public Task RunAsync(CancellationToken cancellationToken = default) => _host.RunAsync(cancellationToken);

    /// <summary>Where the intakes listen, in the order of the configuration, once all of them do.</summary>
    public Task<IPEndPoint[]> IntakesAsync() =>
        Task.WhenAll(_host.Services.GetRequiredService<EntryServices<MqttIntakeOptions, MqttIntakeService>>().All.Select(intake => intake.Listening));

    /// <summary>The subscriptions to brokers, in the order of the configuration.</summary>
    public IReadOnlyList<MqttBrokerService> Brokers => _host.Services.GetRequiredService<EntryServices<MqttBrokerOptions, MqttBrokerService>>().All;

    public async ValueTask DisposeAsync()
    {
        // The host knows how to dispose of services that do it asynchronously.
        await ((IAsyncDisposable)_host).DisposeAsync().ConfigureAwait(false);
    }
}
