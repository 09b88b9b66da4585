using System.Text.Json;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Web;

/// <summary>
/// GET /api/live, server-sent events:
/// <code>
/// event: readings   data: JSON array of { series, device, name, unit, kind, aggregate, last }    the last reading of each series that changed
/// event: reload     data: {}     too much changed to tell: read /api/series again
/// :                              a comment, when nothing has happened for a while
/// </code>
/// </summary>
internal static class LiveApi
{
    // Four pictures a second are enough for people, and gather what a burst changes.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);
    // Shorter than the minute after which proxies drop a silent answer.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    // Whoever was signed out, or whose token was withdrawn, sees no more than so long: the page comes again by itself, and is asked who it is.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/live", static async (
        HttpContext context, LiveFeed feed, IHostApplicationLifetime lifetime) =>
    {
        using LiveWatcher? watcher = feed.Watch();
        if (watcher is null)
        {
            await TypedResults.Problem(
                "Too many pages are watching. Close one.", statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
            return;
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        ended.CancelAfter(Lifetime);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await WriteAsync(context.Response, watcher, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The page was closed the service stops, or the stream is old enough: its only ends.
        }
    });

    private static async Task WriteAsync(HttpResponse response, LiveWatcher watcher, CancellationToken ended)
    {
        // The headers go out at once, so that the page knows that it is connected.
        await response.WriteAsync(":\n\n", ended);
        await response.Body.FlushAsync(ended);
        while (true)
        {
            await watcher.WaitAsync(KeepAlive, ended);
            await response.WriteAsync(Message(watcher.Take()), ended);
            await response.Body.FlushAsync(ended);
            await Task.Delay(Gather, ended);
        }
    }

    private static string Message(IReadOnlyCollection<LatestReading>? changed) => changed switch
    {
        null => "event: reload\ndata: {}\n\n",
        { Count: 0 } => ":\n\n",
        // JSON has no line breaks of its own, so that one data line holds it.
        _ => $"event: readings\ndata: {Json(changed)}\n\n",
    };

    private static string Json(IReadOnlyCollection<LatestReading> changed) =>
        JsonSerializer.Serialize([.. changed.Select(ApiViews.Of)], ApiJson.Default.IReadOnlyListLiveReading);
}
