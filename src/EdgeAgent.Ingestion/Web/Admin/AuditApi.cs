using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>
/// <code>
/// GET audit?device=&amp;limit=     { entries: [{ id, time, unixNanoseconds, caller, action, device, note, outcome }] }, the newest first; limit 1 to 1000, by default 100
/// </code>
/// </summary>
internal static class AuditApi
{
    private const int Most = 1_000;
    private const int Usual = 100;

    public static void Map(RouteGroupBuilder admin) => admin.MapGet("/audit", static IResult (AuditLog audit, string? device, int? limit) => limit is < 1 or > Most
        ? TypedResults.Problem($"limit is {limit}. Use 1 to {Most}.", statusCode: StatusCodes.Status400BadRequest)
        : TypedResults.Ok(new AuditAnswer([.. audit.Newest(device, limit ?? Usual).Select(static each => new AuditView(
            each.Id, UnixTime.Format(each.AtUnixNanoseconds), each.AtUnixNanoseconds, each.Caller, each.Action, each.Device, each.Note, each.Outcome))])));
}
