using EdgeAgent.Protocol.V1;
using EdgeAgent.RemoteSession;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.RemoteSession;

public sealed class RequestDeskTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RecordingLog _log = new();
    private readonly LoggerFactory _loggers = new();
    private readonly ManualTimeProvider _time = new();
    private readonly HandlerDouble _status = new(RemoteRequest.KindOneofCase.Status);
    private readonly HandlerDouble _output = new(RemoteRequest.KindOneofCase.Output);
    private readonly HandlerDouble _restart = new(RemoteRequest.KindOneofCase.Restart);

    public RequestDeskTests() => _loggers.AddProvider(_log);

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public async Task What_the_devices_own_file_does_not_allow_is_refused_and_logged_and_never_done()
    {
        RequestDesk desk = Desk(AllowedRequests.Standard);
        Assert.Equal(RemoteOutcome.Done, await AskAsync(desk, Status()));
        Assert.Equal(RemoteOutcome.Refused, await AskAsync(desk, new RemoteRequest { Restart = new RestartAgent() }));
        Assert.Equal(RemoteOutcome.Refused, await AskAsync(desk, Output("fan")));
        Assert.Equal((0, 0), (_restart.Calls, _output.Calls));
        Assert.Contains(_log.Lines, line => line.Contains("anna asked from afar: output fan on. Outcome: Refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outputs_are_allowed_by_name()
    {
        RequestDesk desk = Desk(new AllowedRequests(["output:fan"]));
        Assert.Equal(RemoteOutcome.Done, await AskAsync(desk, Output("fan")));
        Assert.Equal(RemoteOutcome.Refused, await AskAsync(desk, Output("pump")));
        Assert.Equal(RemoteOutcome.Refused, await AskAsync(desk, Output("fan/")));
    }

    [Fact]
    public async Task A_request_of_a_kind_that_a_newer_service_may_have_is_unknown()
    {
        Assert.Equal(RemoteOutcome.Unknown, await AskAsync(Desk(AllowedRequests.Standard), new RemoteRequest()));
    }

    [Fact]
    public async Task What_hangs_is_answered_at_its_deadline_and_keeps_its_place_until_it_ends()
    {
        var hang = new TaskCompletionSource<RequestResult>();
        var begun = new SemaphoreSlim(0);
        _status.Work = (_, _) =>
        {
            begun.Release();
            return new(hang.Task);
        };
        RequestDesk desk = Desk(AllowedRequests.Standard);
        Task<RemoteOutcome>[] hanging = [.. Enumerable.Range(0, RequestDesk.MostUnderWay).Select(_ => AskAsync(desk, Status()))];
        for (int i = 0; i < hanging.Length; i++)
        {
            Assert.True(await begun.WaitAsync(Patience));
        }
        Assert.Equal(RemoteOutcome.Failed, await AskAsync(desk, Status()));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.All(await Task.WhenAll(hanging), outcome => Assert.Equal(RemoteOutcome.TimedOut, outcome));
        Assert.Equal(RemoteOutcome.Failed, await AskAsync(desk, Status()));

        hang.SetResult(RequestResult.Of(RemoteOutcome.Done, ""));
        _status.Work = static (_, _) => new(RequestResult.Of(RemoteOutcome.Done, ""));
        RemoteOutcome last = RemoteOutcome.Failed;
        await Eventually.TrueAsync(() => (last = AskAsync(desk, Status()).Result) == RemoteOutcome.Done, Patience, "there is room again");
    }

    [Fact]
    public async Task A_defect_is_an_answer_and_an_error_in_the_log()
    {
        _status.Work = static (_, _) => throw new FormatException("broken");
        Assert.Equal(RemoteOutcome.Failed, await AskAsync(Desk(AllowedRequests.Standard), Status()));
        Assert.Contains(_log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_of_the_service_are_one_short_line_in_the_log()
    {
        RemoteRequest request = Output("a\nWarning: all is lost" + new string('x', 1_000));
        request.AskedBy = "eve\n\e[31m";
        await Desk(AllowedRequests.Standard).AnswerAsync(request, CancellationToken.None);
        string line = Assert.Single(_log.Lines);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.InRange(line.Length, 100, 1_500);
    }

    private static RemoteRequest Status() => new() { Status = new ShowStatus() };

    private static RemoteRequest Output(string series) => new() { Output = new SetOutput { Series = series, Value = true } };

    private static async Task<RemoteOutcome> AskAsync(RequestDesk desk, RemoteRequest request)
    {
        (request.Id, request.AskedBy, request.DeadlineMilliseconds) = (7, "anna", 10_000);
        RequestResult result = await desk.AnswerAsync(request, CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(7ul, result.Answer.Id);
        return result.Answer.Outcome;
    }

    private RequestDesk Desk(AllowedRequests allowed) => new([_status, _output, _restart], allowed, _time, _loggers.CreateLogger<RequestDesk>());
}
