using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.Requests;

public sealed class RequestBookTests : IAsyncDisposable
{
    private static readonly RemoteRequest Fan = new() { Output = new SetOutput { Series = "fan", Value = true } };

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SqliteControlDatabase _control;
    private readonly RequestBook _requests;
    private readonly SessionBook _sessions;
    private bool _isQuarantined;

    public RequestBookTests()
    {
        _control = new SqliteControlDatabase(_folder.Path, [RequestTables.Tables], TimeProvider.System);
        _requests = new RequestBook(_control, (_, _) => !_isQuarantined, _time);
        _sessions = new SessionBook(_control, (_, _) => !_isQuarantined, _time);
    }

    [Fact]
    public void Outputs_of_a_device_in_quarantine_are_not_set_also_where_it_came_there_after_the_question()
    {
        DeviceRequest before = Ask(Fan);
        _isQuarantined = true;
        Assert.Equal(RequestState.Refused, Ask(Fan).State);

        Assert.Empty(_sessions.Take("plant-1", _sessions.Begin("plant-1", new SessionHello()), 4)!);
        Assert.Equal((RequestState.Refused, RequestBook.InQuarantine), (Find(before).State, Find(before).Message));
        Assert.Equal(RequestState.Waiting, Ask(new RemoteRequest { Status = new ShowStatus() }).State);
    }

    [Fact]
    public void A_request_is_sent_once_whatever_becomes_of_the_session()
    {
        DeviceRequest asked = Ask(Fan);
        long first = _sessions.Begin("plant-1", new SessionHello());
        Assert.Single(_sessions.Take("plant-1", first, 4)!);
        Assert.Empty(_sessions.Take("plant-1", first, 4)!);

        long second = _sessions.Begin("plant-1", new SessionHello());
        Assert.Null(_sessions.Take("plant-1", first, 4));
        Assert.Empty(_sessions.Take("plant-1", second, 4)!);
        Assert.Equal(RequestState.Failed, Find(asked).State);
        // What comes after all changes nothing.
        _sessions.Answer(new RemoteAnswer { Id = (ulong)asked.Id, Outcome = RemoteOutcome.Done });
        Assert.Equal(RequestState.Failed, Find(asked).State);
    }

    [Fact]
    public void Waiting_for_long_does_not_let_a_request_work_for_long()
    {
        _requests.Ask("plant-1", Fan, "anna", TimeSpan.FromHours(24), out _);
        RemoteRequest sent = Assert.Single(_sessions.Take("plant-1", _sessions.Begin("plant-1", new SessionHello()), 4)!);
        Assert.Equal(SessionBook.LongestWork.TotalMilliseconds, sent.DeadlineMilliseconds);
        _time.Advance(SessionBook.LongestWork + SessionBook.OnTheWay);
        _sessions.Expire();
        Assert.Equal(RequestState.TimedOut, Assert.Single(_requests.Newest("plant-1", 9)).State);
    }

    [Fact]
    public void What_is_kept_of_a_device_is_bounded_and_who_asked_is_kept_longer_than_the_answers()
    {
        long session = _sessions.Begin("plant-1", new SessionHello());
        for (int i = 0; i < RequestBook.MostOfDevice + 10; i++)
        {
            Ask(new RemoteRequest { Status = new ShowStatus() });
            RemoteRequest request = Assert.Single(_sessions.Take("plant-1", session, 4)!);
            _sessions.Answer(new RemoteAnswer { Id = request.Id, Outcome = RemoteOutcome.Done, Log = new LogLines() });
        }
        IReadOnlyList<DeviceRequest> kept = _requests.Newest("plant-1", 1_000);
        // What has just been answered is counted with the next question.
        Assert.InRange(kept.Count, RequestBook.MostOfDevice, RequestBook.MostOfDevice + 1);
        Assert.InRange(kept.Count(request => request.Answer is not null), RequestBook.MostAnswersOfDevice, RequestBook.MostAnswersOfDevice + 1);
        Assert.All(kept, request => Assert.Equal(("anna", RequestState.Done), (request.AskedBy, request.State)));
    }

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        _folder.Dispose();
    }

    private DeviceRequest Ask(RemoteRequest request) => _requests.Ask("plant-1", request, "anna", TimeSpan.FromMinutes(1), out _)!;

    private DeviceRequest Find(DeviceRequest request) => _requests.Find("plant-1", request.Id)!;
}
