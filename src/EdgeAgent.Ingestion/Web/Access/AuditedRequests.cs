using EdgeAgent.Ingestion.People;

namespace EdgeAgent.Ingestion.Web.Access;

/// <summary>Carries out a request that changes something, between the two halves of its entry in the audit.</summary>
internal sealed partial class AuditedRequests(AuditLog audit, ILogger<AuditedRequests> logger)
{
    public async Task RunAsync(HttpContext context, Caller caller, RequestDelegate request)
    {
        long entry = audit.Begin(caller.Name, $"{context.Request.Method} {context.Request.Path}", context.Request.RouteValues["device"] as string);
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
