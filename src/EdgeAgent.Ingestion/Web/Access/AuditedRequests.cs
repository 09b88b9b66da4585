using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Web.Access;

/// <summary>Carries out a request that changes something, between the two halves of its entry in the audit.</summary>
internal sealed partial class AuditedRequests(AuditLog audit, ILogger<AuditedRequests> logger)
{
    private const string Devices = $"{AdminApi.Prefix}/devices";

    public async Task RunAsync(HttpContext context, Caller caller, RequestDelegate request)
    {
        long entry = audit.Begin(caller.Name, $"{context.Request.Method} {context.Request.Path}", DeviceOf(context.Request));
        var note = new AuditNote();
        context.Features.Set(note);
        int outcome = StatusCodes.Status500InternalServerError;
        try
        {
            await request(context);
            outcome = context.Response.StatusCode;
        }
        finally
        {
            End(entry, outcome, note);
        }
    }

    /// <summary>The route value "device", or what follows /api/admin/devices/.</summary>
    private static string? DeviceOf(HttpRequest request) => request.RouteValues["device"] as string
        ?? (request.Path.StartsWithSegments(Devices, out PathString rest) && rest.Value is { Length: > 1 } named ? named[1..].Split('/')[0] : null);

    private void End(long entry, int outcome, AuditNote note)
    {
        try
        {
            audit.End(entry, outcome, note.Device, note.Text);
        }
        catch (Storage.StoreUnavailableException failure)
        {
            // What was asked for, and by whom, is there; only how it ended is not.
            Log.WithoutOutcome(logger, entry, outcome, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Entry {Entry} of the audit stays without its outcome, {Outcome}: the database could not be written.")]
        public static partial void WithoutOutcome(ILogger logger, long entry, int outcome, Exception failure);
    }
}
