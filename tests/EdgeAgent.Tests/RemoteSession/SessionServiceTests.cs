using EdgeAgent.Protocol.V1;
using EdgeAgent.RemoteSession;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Uplink;
using EdgeAgent.Uplink;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.RemoteSession;

/// <summary>The agent's end of sessions over TLS, against a service that does what a test says.</summary>
public sealed class SessionServiceTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly UplinkRig _rig = new();
    private readonly AskingService _service = new();
    private readonly LoggerFactory _loggers = new();
    private readonly HandlerDouble _status = new(RemoteRequest.KindOneofCase.Status);
    private CloudServer _server = null!;
    private SessionService? _session;
    private UplinkConnection? _uplink;

    public async Task InitializeAsync()
    {
        _loggers.AddProvider(_rig.Log);
        _server = await CloudServer.StartAsync(_rig.Cloud, _rig.Authority, _rig.Authority, remote: _service);
        _rig.Options.Endpoint = new Uri($"https://localhost:{_server.Port}");
    }

    public async Task DisposeAsync()
    {
        if (_session is not null)
        {
            await _session.StopAsync(CancellationToken.None);
        }
        await _rig.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _session?.Dispose();
        _loggers.Dispose();
    }

    [Fact]
    public async Task The_hello_says_what_is_allowed_and_requests_are_answered()
    {
        await StartAsync(_rig.Options);
        SessionHello hello = await _service.HelloAsync();
        Assert.Equal(["logs", "read", "spool", "status"], hello.Allowed);
        _service.Say(new ServiceMessage());
        _service.Ask(new RemoteRequest { Id = 5, DeadlineMilliseconds = 10_000, Status = new ShowStatus() });
        _service.Ask(new RemoteRequest { Id = 6, DeadlineMilliseconds = 10_000 });
        var outcomes = new Dictionary<ulong, RemoteOutcome>();
        for (int i = 0; i < 2; i++)
        {
            RemoteAnswer answer = await _service.AnswerAsync();
            outcomes[answer.Id] = answer.Outcome;
        }
        Assert.Equal((RemoteOutcome.Done, RemoteOutcome.Unknown), (outcomes[5], outcomes[6]));
    }

    [Fact]
    public async Task What_follows_an_answer_follows_once_it_has_left()
    {
        var followed = new TaskCompletionSource();
        _status.Work = (_, _) => new(RequestResult.Of(RemoteOutcome.Done, "") with { Then = followed.SetResult });
        await StartAsync(_rig.Options);
        await _service.HelloAsync();
        _service.Ask(new RemoteRequest { Id = 1, DeadlineMilliseconds = 10_000, Status = new ShowStatus() });
        await _service.AnswerAsync();
        await followed.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_service_that_asks_more_than_four_at_once_loses_the_session_and_the_agent_goes_on()
    {
        var hang = new TaskCompletionSource<RequestResult>();
        _status.Work = (_, _) => new(hang.Task);
        await StartAsync(_rig.Options);
        await _service.HelloAsync();
        for (ulong id = 1; id <= 1_000; id++)
        {
            _service.Ask(new RemoteRequest { Id = id, DeadlineMilliseconds = 60_000, Status = new ShowStatus() });
        }
        await Eventually.TrueAsync(() => _service.Open == 0 && _service.Sessions == 1, Patience, "the session is ended");
        Assert.InRange(_status.Calls, 1, RequestDesk.MostUnderWay);
        hang.SetResult(RequestResult.Of(RemoteOutcome.Done, ""));
        Assert.Contains(_rig.Log.Lines, line => line.Contains("asked too much at once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_without_sessions_is_told_of_once()
    {
        _service.Refusal = new Status(StatusCode.Unimplemented, "");
        await StartAsync(_rig.Options);
        await Eventually.TrueAsync(() => _service.Sessions >= 3, Patience, "it is tried again");
        Assert.Single(_rig.Log.Lines, line => line.StartsWith("Warning: The service cannot ask", StringComparison.Ordinal));
        _service.Refusal = null;
        await _service.HelloAsync();
    }

    [Fact]
    public async Task A_session_that_broke_is_opened_again_when_the_service_is_back()
    {
        await StartAsync(_rig.Options);
        await _service.HelloAsync();
        int port = _server.Port;
        await _server.DisposeAsync();
        _server = await CloudServer.StartAsync(_rig.Cloud, _rig.Authority, _rig.Authority, port, remote: _service);
        await _service.HelloAsync();
    }

    [Fact]
    public async Task On_a_metered_line_a_session_is_opened_when_an_upload_hints_at_it_and_not_kept()
    {
        var time = new ManualTimeProvider();
        var metered = new UplinkOptions(LineProfile.Metered)
        {
            AuthorityFile = _rig.Options.AuthorityFile,
            CertificateFile = _rig.Options.CertificateFile,
            KeyFile = _rig.Options.KeyFile,
            Endpoint = _rig.Options.Endpoint,
            Proxy = _rig.Options.Proxy,
            StartSpread = TimeSpan.Zero,
        };
        await StartAsync(metered, time);
        await Eventually.TrueAsync(() => _session!.State == SessionState.Resting, Patience, "it rests");
        Assert.Equal(0, _service.Sessions);
        _uplink!.Hear(new SessionHeaders(0, 0, TimeSpan.Zero));
        _uplink.Hear(new SessionHeaders(0, 0, TimeSpan.Zero, IsSessionWanted: true));
        await _service.HelloAsync();
        _service.Ask(new RemoteRequest { Id = 1, DeadlineMilliseconds = 10_000, Status = new ShowStatus() });
        await _service.AnswerAsync();

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return _session!.State == SessionState.Resting && _service.Open == 0;
            },
            Patience, "it is ended");
        Assert.Equal(1, _service.Sessions);
        // Where nothing is uploaded nobody can hint.
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromHours(1));
                return _service.Sessions == 2;
            },
            Patience, "it is opened once a day");
    }

    private async Task StartAsync(UplinkOptions options, TimeProvider? time = null)
    {
        _uplink = _rig.Connect();
        var desk = new RequestDesk([_status], AllowedRequests.Standard, TimeProvider.System, _loggers.CreateLogger<RequestDesk>());
        _session = new SessionService(
            new ControlConnection(_rig.Connect()), _uplink, desk, options, time ?? TimeProvider.System, _loggers.CreateLogger<SessionService>());
        await _session.StartAsync(CancellationToken.None);
    }
}
