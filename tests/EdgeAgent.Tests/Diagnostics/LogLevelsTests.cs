using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Tests.Sensors.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Diagnostics;

public sealed class LogLevelsTests
{
    [Fact]
    public void More_is_logged_for_the_time_that_was_asked_for_and_never_less()
    {
        var time = new ManualTimeProvider();
        var levels = new LogLevels(LogLevel.Information, time);
        levels.Raise(LogLevel.Error, TimeSpan.FromMinutes(1));
        Assert.Equal(LogLevel.Information, levels.Least);

        levels.Raise(LogLevel.Debug, TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(levels.IsWanted(LogLevel.Debug));
        Assert.False(levels.IsWanted(LogLevel.Trace));

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(levels.IsWanted(LogLevel.Debug));
        Assert.True(levels.IsWanted(LogLevel.Information));
    }

    [Fact]
    public async Task A_running_agent_takes_rules_batches_labels_and_log_level_without_being_built_anew()
    {
        using var folder = new TemporaryFolder();
        var log = new RecordingLog();
        string always = $$"""{ {{Read.Cloud(folder)}}, "spool": { "path": "{{folder["spool"]}}" } """;
        await using AgentHost agent = AgentHost.Create(Read.Sound(folder, always + "}"), logging: logging => logging.AddProvider(log));
        await agent.StartAsync();
        ILogger logger = agent.Services.GetRequiredService<ILoggerFactory>().CreateLogger("any");
        Assert.False(logger.IsEnabled(LogLevel.Debug));

        AgentConfiguration next = Read.Sound(folder, always + """
            , "device": { "logLevel": "debug", "labels": { "site": "north" } }, "report": [{ "deadband": 1 }], "batch": { "maximumAge": "5s" } }
            """);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        ReconfigurationNeed done = await agent.Services.GetRequiredService<LiveConfiguration>().ApplyAsync(next, patience.Token);

        Assert.Equal(ReconfigurationNeed.Apply, done);
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Assert.Equal(1, Assert.Single(agent.Catalog.Rules).Deadband);
        await agent.StopAsync();
    }
}
