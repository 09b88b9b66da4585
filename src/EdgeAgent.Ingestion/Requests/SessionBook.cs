using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>The sessions' side of the tables: which session is a device's, and what it takes and answers.</summary>
/// <param name="control">Where they are.</param>
/// <param name="mayDrive">See <see cref="RequestBook"/>; asked again when a request leaves.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionBook(ControlDatabase control, Func<ControlSession, string, bool> mayDrive, TimeProvider time)
{
    /// <summary>What a device may take at most, however long somebody is ready to wait for its coming: no request works for longer.</summary>
    public static readonly TimeSpan LongestWork = TimeSpan.FromMinutes(5);

    /// <summary>The way there and back on a slow mobile line, beyond what the device was given.</summary>
    public static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(10);

    private long Now => time.GetUtcNow().ToUnixNanoseconds();

    /// <summary>The device's session from now on. Whichever was before is over.</summary>
    /// <returns>Its number.</returns>
    public long Begin(string device, SessionHello hello) => control.Change(session =>
    {
        long number = session.Next("remote_sessions", "number");
        session.Execute(
            """
            INSERT INTO remote_sessions (device, number, since, agent_version, allowed) VALUES (@device, @number, @now, @version, @allowed)
            ON CONFLICT (device) DO UPDATE SET number = excluded.number, since = excluded.since, ended_at = NULL,
                agent_version = excluded.agent_version, allowed = excluded.allowed
            """,
            ("device", device), ("number", number), ("now", Now), ("version", hello.AgentVersion), ("allowed", string.Join('\n', hello.Allowed)));
        Fail(session, "session < @number", device, number);
        return number;
    });

    /// <summary>It is over. What it was asked and has not answered may have been done: that is not sent again.</summary>
    public void End(string device, long number) => control.Change(session =>
    {
        session.Execute(
            "UPDATE remote_sessions SET ended_at = @now WHERE device = @device AND number = @number", ("now", Now), ("device", device), ("number", number));
        Fail(session, "session = @number", device, number);
    });

    /// <summary>Takes requests for a session, the oldest first; from then on they are its.</summary>
    /// <returns>Null where the session is not the device's newest any more.</returns>
    public IReadOnlyList<RemoteRequest>? Take(string device, long number, int most) => control.Change(session =>
    {
        if (session.Query("SELECT number FROM remote_sessions WHERE device = @device", static row => row.GetInt64(0), ("device", device)).SingleOrDefault() != number)
        {
            return null;
        }
        long now = Now;
        var taken = new List<RemoteRequest>();
        foreach (DeviceRequest request in session.Query(
            $"SELECT {RequestTables.RequestColumns} FROM remote_requests WHERE device = @device AND state = 'waiting' AND deadline > @now ORDER BY id LIMIT @most",
            RequestTables.ReadRequest, ("device", device), ("now", now), ("most", (long)most)))
        {
            if (request.Content.KindCase == RemoteRequest.KindOneofCase.Output && !mayDrive(session, device))
            {
                Finish(session, request.Id, RequestState.Refused, RequestBook.InQuarantine, null);
                continue;
            }
            long left = Math.Min(request.Deadline - now, LongestWork.Ticks * TimeSpan.NanosecondsPerTick);
            request.Content.DeadlineMilliseconds = (uint)Math.Max(1, left / 1_000_000);
            session.Execute(
                "UPDATE remote_requests SET state = 'sent', session = @number, deadline = @deadline WHERE id = @id",
                ("number", number), ("deadline", now + left + (OnTheWay.Ticks * TimeSpan.NanosecondsPerTick)), ("id", request.Id));
            taken.Add(request.Content);
        }
        return taken;
    });

    /// <summary>What a device answered to a request of its own session.</summary>
    public void Answer(RemoteAnswer answer) =>
        control.Change(session => { Finish(session, (long)answer.Id, RequestStates.Of(answer.Outcome), answer.Message, answer); });

    /// <summary>Gives up what is overdue.</summary>
    public void Expire() => control.Change(session =>
    {
        long now = Now;
        foreach ((string state, string why) in new[]
        {
            (RequestStates.Waiting, "The device had no session in this time: it is off, offline, or older than such requests."),
            (RequestStates.Sent, "The device did not answer in this time."),
        })
        {
            session.Execute(
                "UPDATE remote_requests SET state = 'timed_out', ended_at = @now, message = @why WHERE state = @state AND deadline <= @now",
                ("now", now), ("why", why), ("state", state));
        }
    });

    private void Fail(ControlSession session, string which, string device, long number) => session.Execute(
        $"UPDATE remote_requests SET state = 'failed', ended_at = @now, message = @why WHERE device = @device AND state = 'sent' AND {which}",
        ("now", Now), ("why", "The line broke before the answer: nobody knows whether it was done."), ("device", device), ("number", number));

    /// <summary>Only once: what is finished stays as it is.</summary>
    private void Finish(ControlSession session, long id, RequestState state, string message, RemoteAnswer? answer) => session.Execute(
        "UPDATE remote_requests SET state = @state, ended_at = @now, message = @message, answer = @answer WHERE id = @id AND state IN ('waiting', 'sent')",
        ("state", state.Word()), ("now", Now), ("message", message), ("answer", answer is { ContentCase: not RemoteAnswer.ContentOneofCase.None } ? answer.ToByteArray() : null),
        ("id", id));
}
