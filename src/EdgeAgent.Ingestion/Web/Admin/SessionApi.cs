using System.Globalization;
using System.Text.Json;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>
/// Requests to devices.
/// <code>
/// POST /api/admin/devices/NAME/requests            RequestForm → 202 and the request, which is open
/// GET  /api/admin/devices/NAME/requests            the newest, and the session
/// GET  /api/admin/devices/NAME/requests/ID ?wait=S the request; with wait once it is not open any more, after S seconds in any case (60 at most)
/// </code>
/// </summary>
internal static class SessionApi
{
    private const int Shown = 50;

    /// <summary>No longer than proxies leave a request alone.</summary>
    private const int LongestPoll = 60;

    private const int FormBytes = 4096;

    public static void Map(RouteGroupBuilder admin, IngestionParts parts)
    {
        RequestBoard board = parts.Requests;
        // The web server takes no bodies otherwise.
        admin.MapPost("/devices/{name}/requests", (string name, HttpContext context) => AskAsync(board, name, context))
            .WithMetadata(new RequestSizeLimitAttribute(FormBytes));
        admin.MapGet("/devices/{name}/requests", IResult (string name) => Answer(name, () => TypedResults.Json(
            new RequestsAnswer(
                board.Requests.Session(name) is { } session ? SessionView.Of(session) : null, [.. board.Requests.Newest(name, Shown).Select(RequestView.Of)]),
            RequestJson.Default.RequestsAnswer)));
        admin.MapGet("/devices/{name}/requests/{id}", (string name, string id, string? wait, HttpContext context) =>
            FindAsync(board, name, id, wait, parts.Time, context.RequestAborted));
    }

    private static async Task<IResult> AskAsync(RequestBoard board, string name, HttpContext context)
    {
        RequestForm? form;
        try
        {
            form = await context.Request.ReadFromJsonAsync(RequestJson.Default.RequestForm, context.RequestAborted);
        }
        catch (JsonException wrong)
        {
            return Problem(StatusCodes.Status400BadRequest, $"The request cannot be read: {wrong.Message}");
        }
        if ((form ?? new RequestForm(null)).TryRead(out RemoteRequest request, out TimeSpan wait) is { } problem)
        {
            return Problem(StatusCodes.Status400BadRequest, problem);
        }
        return Answer(name, () => board.Requests.Ask(name, request, AdminCaller.Name(context), wait, out string full) is { } asked
            ? TypedResults.Json(RequestView.Of(asked), RequestJson.Default.RequestView, statusCode: StatusCodes.Status202Accepted)
            : Problem(StatusCodes.Status429TooManyRequests, full));
    }

    private static async Task<IResult> FindAsync(RequestBoard board, string name, string idText, string? waitText, TimeProvider time, CancellationToken aborted)
    {
        if (!long.TryParse(idText, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
        {
            return Problem(StatusCodes.Status404NotFound, $"\"{idText}\" is no number of a request.");
        }
        int seconds = 0;
        if (waitText is not null && (!int.TryParse(waitText, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds > LongestPoll))
        {
            return Problem(StatusCodes.Status400BadRequest, $"wait is \"{waitText}\". Use 0 to {LongestPoll}.");
        }
        Task over = Task.Delay(TimeSpan.FromSeconds(seconds), time, aborted);
        while (true)
        {
            Task look = board.NextLook();
            DeviceRequest? found = null;
            IResult answer = Answer(name, () => (found = board.Requests.Find(name, id)) is null
                ? Problem(StatusCodes.Status404NotFound, $"There is no request {id} to device {name}, or it was so long ago that it is forgotten.")
                : TypedResults.Json(RequestView.Of(found), RequestJson.Default.RequestView));
            if (found is not { } request || !request.State.IsOpen() || over.IsCompleted)
            {
                return answer;
            }
            await Task.WhenAny(look, over);
        }
    }

    private static IResult Answer(string name, Func<IResult> answer)
    {
        if (!DeviceName.IsValid(name))
        {
            return Problem(StatusCodes.Status404NotFound, $"\"{name}\" cannot be the name of a device.");
        }
        try
        {
            return answer();
        }
        catch (StoreUnavailableException failure)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, $"Requests cannot be kept at present: {failure.Message}");
        }
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
