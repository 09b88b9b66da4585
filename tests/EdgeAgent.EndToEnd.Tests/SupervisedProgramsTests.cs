using EdgeAgent.Testing;
using EdgeAgent.Tests.Disks;
using EdgeAgent.Tests.Supervision;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>Both programs as they are shipped, and what a supervisor hears of them over NOTIFY_SOCKET.</summary>
public sealed class SupervisedProgramsTests : IDisposable
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeSupervisor _supervisor;

    public SupervisedProgramsTests() => _supervisor = new FakeSupervisor(_folder["notify"]);

    public void Dispose()
    {
        _supervisor.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_agent_tells_that_it_runs_lives_without_a_cloud_reloads_and_stops()
    {
        WriteConfiguration(batch: "1s");
        await using ForeignProcess agent = StartAgent(watchdog: TimeSpan.FromSeconds(2));
        Assert.Equal("READY=1\nSTATUS=The device's own configuration is in force.", await NoticeAsync());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("WATCHDOG=1", await _supervisor.NextAsync());
        }

        WriteConfiguration(batch: "2s");
        await SignalAsync(agent, "HUP");
        Assert.StartsWith("RELOADING=1\nMONOTONIC_USEC=", await NoticeAsync(), StringComparison.Ordinal);
        Assert.Equal("READY=1\nSTATUS=The configuration was read again. The device's own configuration is in force.", await NoticeAsync());

        WriteConfiguration(batch: "soon");
        await SignalAsync(agent, "HUP");
        Assert.StartsWith("RELOADING=1\n", await NoticeAsync(), StringComparison.Ordinal);
        Assert.StartsWith("READY=1\nSTATUS=The configuration was read again and is wrong; the one before is in force. ", await NoticeAsync(), StringComparison.Ordinal);

        await SignalAsync(agent, "TERM");
        Assert.Equal("STOPPING=1\nEXTEND_TIMEOUT_USEC=40000000\nSTATUS=Drains and ends.", await NoticeAsync());
        Assert.Equal(0, await agent.WaitForExitAsync(Enough));
        Assert.Empty(_supervisor.Heard());
    }

    [Fact]
    public async Task The_service_tells_that_it_runs_answers_itself_and_stops()
    {
        await using ForeignProcess service = ForeignProcess.Start(
            "dotnet",
            [
                ShippedProgram.Ingestion, "serve",
                "--data", _folder["data"], "--listen", "127.0.0.1:0", "--web", "127.0.0.1:0",
            ],
            Supervised(TimeSpan.FromSeconds(2)));
        Assert.StartsWith("READY=1\nSTATUS=Devices connect to 127.0.0.1:", await NoticeAsync(), StringComparison.Ordinal);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("WATCHDOG=1", await _supervisor.NextAsync());
        }

        await SignalAsync(service, "TERM");
        Assert.Equal("STOPPING=1\nEXTEND_TIMEOUT_USEC=25000000\nSTATUS=Stores what has arrived and ends.", await NoticeAsync());
        Assert.Equal(0, await service.WaitForExitAsync(Enough));
    }

    /// <summary>The batcher's patience is half a minute: what comes after it is seen with EDGEAGENT_LONG=1 only.</summary>
    [MountFact]
    public async Task A_disk_that_pauses_is_waited_for_and_one_that_hangs_ends_the_beats_until_it_comes_back()
    {
        using TestDisk disk = TestDisk.Ext4(64, 96);
        WriteConfiguration(batch: "1s", spool: Path.Join(disk.Path, "spool"));
        await using ForeignProcess agent = StartAgent(watchdog: TimeSpan.FromSeconds(2));
        Assert.StartsWith("READY=1", await NoticeAsync(), StringComparison.Ordinal);
        using (disk.Freeze())
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal("WATCHDOG=1", await _supervisor.NextAsync());
            }
            if (IsLong)
            {
                Assert.StartsWith("STATUS=Stuck: the ", await NoticeAsync(), StringComparison.Ordinal);
                await Task.Delay(TimeSpan.FromSeconds(5));
                Assert.Empty(_supervisor.Heard());
            }
        }
        if (IsLong)
        {
            Assert.StartsWith("STATUS=Not stuck any more: the ", await NoticeAsync(), StringComparison.Ordinal);
            Assert.Equal("WATCHDOG=1", await _supervisor.NextAsync());
        }
        await SignalAsync(agent, "TERM");
        Assert.Equal(0, await agent.WaitForExitAsync(Enough));
    }

    private ForeignProcess StartAgent(TimeSpan watchdog) =>
        ForeignProcess.Start("dotnet", [ShippedProgram.Agent, "run", "--config", _folder["agent.json"]], Supervised(watchdog));

    private Dictionary<string, string> Supervised(TimeSpan watchdog) => new()
    {
        ["NOTIFY_SOCKET"] = _folder["notify"],
        ["WATCHDOG_USEC"] = $"{watchdog.TotalMicroseconds}",
    };

    private void WriteConfiguration(string batch, string? spool = null) => File.WriteAllText(_folder["agent.json"], $$"""
        {
          "device": { "state": "{{_folder["state"]}}" },
          "cloud": { "endpoint": "https://127.0.0.1:1", "proxy": "none", "backoffFirst": "50ms", "backoffLast": "500ms" },
          "spool": { "path": "{{spool ?? _folder["spool"]}}" }, "batch": { "maximumAge": "{{batch}}" },
          "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "sht3x", "series": "air", "interval": "1s" } ] } ]
        }
        """);

    /// <summary>The next one that is no beat.</summary>
    private async Task<string> NoticeAsync()
    {
        string notice;
        do
        {
            notice = await _supervisor.NextAsync();
        }
        while (notice == "WATCHDOG=1");
        return notice;
    }

    private static async Task SignalAsync(ForeignProcess program, string signal) =>
        Assert.Equal(0, (await ForeignProcess.RunAsync("kill", [$"-{signal}", $"{program.Id}"], Enough)).ExitCode);
}
