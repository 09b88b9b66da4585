using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>Requests as people make them, and what they may find of them: rows that all instances of the service share. It is the audit, too.</summary>
/// <param name="control">Where they are.</param>
/// <param name="mayDrive">Whether a device's outputs may be set: not those of one in quarantine.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestBook(ControlDatabase control, Func<ControlSession, string, bool> mayDrive, TimeProvider time)
{
    public const string InQuarantine = "The device is in quarantine: its outputs are not set.";

    /// <summary>Open requests of one device: more than people ask, and what a program that runs wild may pile up.</summary>
    public const int MostOpenOfDevice = 32;

    /// <summary>Open requests of all devices: one each for a fleet of some thousand.</summary>
    public const int MostOpen = 5_000;

    /// <summary>Rows that are kept of one device: some weeks of looking at it.</summary>
    public const int MostOfDevice = 200;

    /// <summary>Answers that are kept of one device; of older requests the row is, which says who asked what and how it ended.</summary>
    public const int MostAnswersOfDevice = 20;

    /// <summary>Rows in all: some 20 MB without their answers.</summary>
    public const int MostRows = 100_000;

    private long Now => time.GetUtcNow().ToUnixNanoseconds();

    /// <returns>The request; null where there are too many open ones, which <paramref name="full"/> says.</returns>
    public DeviceRequest? Ask(string device, RemoteRequest content, string askedBy, TimeSpan wait, out string full)
    {
        string? problem = null;
        DeviceRequest? asked = control.Change(session =>
        {
            long now = Now;
            if (Count(session, "SELECT COUNT(*) FROM remote_requests WHERE device = @device AND state IN ('waiting', 'sent')", ("device", device)) >= MostOpenOfDevice)
            {
                problem = $"{MostOpenOfDevice} requests to this device are open, which is all that is allowed. Wait for their answers.";
                return null;
            }
            if (Count(session, "SELECT COUNT(*) FROM remote_requests WHERE state IN ('waiting', 'sent')") >= MostOpen)
            {
                problem = $"{MostOpen} requests are open, which is all that this service allows. Wait for their answers.";
                return null;
            }
            long id = session.Next("remote_requests", "id");
            bool isRefused = content.KindCase == RemoteRequest.KindOneofCase.Output && !mayDrive(session, device);
            RemoteRequest sent = content.Clone();
            (sent.Id, sent.AskedBy) = ((ulong)id, askedBy);
            var request = new DeviceRequest(
                id, device, sent, askedBy, now, now + (wait.Ticks * TimeSpan.NanosecondsPerTick), isRefused ? RequestState.Refused : RequestState.Waiting,
                isRefused ? now : null, isRefused ? InQuarantine : "", null);
            session.Execute(
                """
                INSERT INTO remote_requests (id, device, content, asked_by, asked_at, deadline, state, ended_at, message)
                VALUES (@id, @device, @content, @by, @at, @deadline, @state, @ended, @message)
                """,
                ("id", id), ("device", device), ("content", sent.ToByteArray()), ("by", askedBy), ("at", now), ("deadline", request.Deadline),
                ("state", request.State.Word()), ("ended", request.EndedAt), ("message", request.Message));
            Forget(session, device, id);
            return request;
        });
        full = problem ?? "";
        return asked;
    }

    public DeviceRequest? Find(string device, long id) => control.Read(session => session.Query(
        $"SELECT {RequestTables.RequestColumns} FROM remote_requests WHERE id = @id AND device = @device", RequestTables.ReadRequest,
        ("id", id), ("device", device)).SingleOrDefault());

    /// <summary>The newest first.</summary>
    public IReadOnlyList<DeviceRequest> Newest(string device, int most) => control.Read(session => session.Query(
        $"SELECT {RequestTables.RequestColumns} FROM remote_requests WHERE device = @device ORDER BY id DESC LIMIT @most", RequestTables.ReadRequest,
        ("device", device), ("most", (long)most)));

    /// <returns>Null where the device never had one.</returns>
    public SessionRow? Session(string device) => control.Read(session => session.Query(
        "SELECT since, ended_at, agent_version, allowed FROM remote_sessions WHERE device = @device", RequestTables.ReadSession,
        ("device", device)).SingleOrDefault());

    /// <summary>What is beyond the bounds goes, the oldest first, and never what is open.</summary>
    private static void Forget(ControlSession session, string device, long newest)
    {
        session.Execute(
            """
            UPDATE remote_requests SET answer = NULL WHERE device = @device AND answer IS NOT NULL AND id NOT IN
                (SELECT id FROM remote_requests WHERE device = @device AND answer IS NOT NULL ORDER BY id DESC LIMIT @most)
            """,
            ("device", device), ("most", (long)MostAnswersOfDevice));
        session.Execute(
            """
            DELETE FROM remote_requests WHERE device = @device AND state NOT IN ('waiting', 'sent') AND id NOT IN
                (SELECT id FROM remote_requests WHERE device = @device ORDER BY id DESC LIMIT @most)
            """,
            ("device", device), ("most", (long)MostOfDevice));
        session.Execute(
            "DELETE FROM remote_requests WHERE id <= @beyond AND state NOT IN ('waiting', 'sent')", ("beyond", newest - MostRows));
    }

    private static long Count(ControlSession session, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        session.Query(sql, static row => row.GetInt64(0), parameters)[0];
}
