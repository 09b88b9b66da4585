using System.Data.Common;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>
/// What is kept of requests and sessions:
/// <code>
/// remote_requests := one row a request; content and answer are RemoteRequest and RemoteAnswer of session.proto; state is a word of RequestStates
/// remote_sessions := one row a device that ever had a session; number ascends over all devices, so that who has seen N asks for what is beyond
/// </code>
/// </summary>
internal static class RequestTables
{
    public static readonly ControlTables Tables = new("requests",
    [
        """
        CREATE TABLE remote_requests (
            id BIGINT PRIMARY KEY, device TEXT NOT NULL, content BYTEA NOT NULL, asked_by TEXT NOT NULL, asked_at BIGINT NOT NULL, deadline BIGINT NOT NULL,
            state TEXT NOT NULL, session BIGINT, ended_at BIGINT, message TEXT NOT NULL, answer BYTEA);
        CREATE INDEX remote_requests_of_device ON remote_requests (device, id);
        CREATE INDEX remote_requests_by_state ON remote_requests (state, deadline);
        CREATE TABLE remote_sessions (
            device TEXT PRIMARY KEY, number BIGINT NOT NULL, since BIGINT NOT NULL, ended_at BIGINT, agent_version TEXT NOT NULL, allowed TEXT NOT NULL);
        CREATE INDEX remote_sessions_by_number ON remote_sessions (number)
        """,
    ]);

    public const string RequestColumns = "id, device, content, asked_by, asked_at, deadline, state, ended_at, message, answer";

    public static DeviceRequest ReadRequest(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), RemoteRequest.Parser.ParseFrom((byte[])row.GetValue(2)), row.GetString(3), row.GetInt64(4), row.GetInt64(5),
        RequestStates.Parse(row.GetString(6)), row.IsDBNull(7) ? null : row.GetInt64(7), row.GetString(8),
        row.IsDBNull(9) ? null : RemoteAnswer.Parser.ParseFrom((byte[])row.GetValue(9)));

    public static SessionRow ReadSession(DbDataReader row) => new(
        row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.GetString(2), row.GetString(3).Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
