using EdgeAgent.Commands;
using EdgeAgent.Protocol.V1;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Uplink;

namespace EdgeAgent.Tests.RemoteConfig;

/// <summary>A whole agent over real TLS, and a service that sends it configurations.</summary>
public sealed class AgentProcessTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly ScriptedConfig _config = new();
    private readonly ScriptedCloud _cloud = new();
    private readonly CancellationTokenSource _stop = new();
    private CloudServer _server = null!;
    private AgentProcess? _agent;
    private Task<int>? _running;

    public async Task InitializeAsync() => _server = await CloudServer.StartAsync(_cloud, _authority, _authority, config: _config);

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _server.DisposeAsync();
    }

    /// <summary>After the asynchronous part.</summary>
    public void Dispose()
    {
        _authority.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_revision_is_heard_tried_proven_by_a_receipt_and_reported()
    {
        Start();
        await Eventually.TrueAsync(() => _config.Watches.Count > 0, Enough, "the agent asks");
        AgentHost before = _agent!.Host!;
        _config.FailingReports = 2;
        _config.Push(7, """{ "cloud": { "sessionLinger": "300ms" } }""");
        await OutcomeAsync(ConfigOutcome.Applied);

        ConfigReport report = _config.Reports[^1];
        Assert.Equal((7ul, 7ul), (report.Number, report.RunningNumber));
        Assert.Equal(7ul, _agent.State.Good.Number);
        // Another timing of sessions needs the inside built anew, in the same process, on the same spool.
        Assert.NotSame(before, _agent.Host);
        await Eventually.TrueAsync(() => _config.Watches[^1].HeldNumber == 7, Enough, "the new inside says what it holds");
        await Eventually.TrueAsync(() => _agent.State.Events.All(seen => seen.IsTold), Enough, "nothing is left to tell");
        Assert.Equal(0, await StopAsync());
        Assert.Equal(RunEnd.InOrder, RevisionStateFile.Read(_folder["state/config"]).Run!.End);
    }

    [Fact]
    public async Task What_stages_take_while_they_run_builds_nothing_anew()
    {
        Start();
        await Eventually.TrueAsync(() => _config.Watches.Count > 0, Enough, "the agent asks");
        AgentHost before = _agent!.Host!;
        _config.Push(1, """{ "report": [ { "series": "nothing", "deadband": 1 } ] }""");
        await OutcomeAsync(ConfigOutcome.Applied);

        Assert.Same(before, _agent.Host);
        Assert.Single(_config.Watches);
    }

    [Fact]
    public async Task A_wrong_place_of_the_cloud_is_refused_and_the_device_stays_reachable()
    {
        Start();
        _config.Push(1, $$"""{ "cloud": { "endpoint": "https://localhost:{{Loopback.FreePort()}}" } }""", bootstrap: true);
        await OutcomeAsync(ConfigOutcome.Rejected);
        Assert.Equal("/cloud/endpoint", _config.Reports[^1].Errors[0].Pointer);

        _config.Push(2, """{ "report": [ { "series": "nothing", "deadband": 1 } ] }""");
        await OutcomeAsync(ConfigOutcome.Applied);
    }

    [Fact]
    public async Task A_place_with_another_authority_is_refused()
    {
        using var stranger = new TestAuthority("stranger");
        await using CloudServer wrong = await CloudServer.StartAsync(new ScriptedCloud(), stranger, _authority, config: new ScriptedConfig());
        Start();
        _config.Push(1, $$"""{ "cloud": { "endpoint": "https://localhost:{{wrong.Port}}" } }""", bootstrap: true);
        await OutcomeAsync(ConfigOutcome.Rejected);

        Assert.True(_agent!.State.Good.IsNone);
    }

    [Fact]
    public async Task On_a_metered_line_the_call_is_made_when_an_upload_says_that_there_is_news()
    {
        Start(""" "profile": "metered", """);
        // The call at the start ends with the first revision, so that the next can only be heard of by the header.
        _config.Push(1, """{ "report": [ { "series": "nothing", "deadband": 1 } ] }""");
        await OutcomeAsync(ConfigOutcome.Applied);
        int calls = _config.Watches.Count;
        _cloud.Otherwise = new SessionScript { Headers = new Grpc.Core.Metadata { { "edge-config", "2" } } };
        _config.Push(2, """{ "report": [ { "series": "nothing", "deadband": 2 } ] }""");
        Assert.Equal(calls, _config.Watches.Count);
        Upload();
        await Eventually.TrueAsync(() => _agent!.State.Running.Number == 2, Enough, "the second is heard of");

        Assert.Equal(calls + 1, _config.Watches.Count);
    }

    private void Upload()
    {
        AgentHost host = _agent!.Host!;
        Assert.True(host.Catalog.TryFind(TookEffect.Series, out EdgeAgent.Readings.Series? series));
        var channel = (EdgeAgent.Readings.ReadingChannel)host.Services.GetService(typeof(EdgeAgent.Readings.ReadingChannel))!;
        Assert.True(channel.TryWrite(EdgeAgent.Readings.Reading.OfNumber(series.Id, 1, 1)));
    }

    private void Start(string cloud = "")
    {
        string file = _folder["agent.json"];
        TestAuthority.WritePem(_authority.IssueDevice("device-1"), _folder.Path, "device");
        File.WriteAllText(_folder["ca.crt"], _authority.RootPem);
        File.WriteAllText(file, $$"""
            {
              "device": { "state": "state" },
              "remote": { "trial": "30s" },
              "cloud": { {{cloud}} "endpoint": "https://localhost:{{_server.Port}}", "ca": "ca.crt", "certificate": "device.crt", "key": "device.key",
                "proxy": "none", "backoffFirst": "50ms", "backoffLast": "500ms", "connectTimeout": "3s" },
              "spool": { "path": "spool", "freeSpaceFloor": "0B" },
              "batch": { "maximumAge": "200ms" }
            }
            """);
        _agent = AgentProcess.Create(file, out IReadOnlyList<EdgeAgent.Configuration.ConfigError> errors);
        Assert.True(_agent is not null, string.Join('\n', errors));
        _running = Task.Run(() => _agent.RunAsync(_stop.Token));
    }

    private async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        int exitCode = _running is null ? 0 : await _running.WaitAsync(Enough);
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }
        return exitCode;
    }

    private Task OutcomeAsync(ConfigOutcome outcome) => Eventually.TrueAsync(
        () => _config.Reports.Any(report => report.Outcome == outcome), Enough,
        () => $"the service hears that it is {outcome}; it heard {string.Join(", ", _config.Reports)}; the agent is {_agent?.Phase}");
}
