using System.Globalization;
using EdgeAgent.Ingestion.Devices;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Web.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeAgent.Ingestion.Web;

/// <summary>The read API. docs/ingestion.md shows each answer.</summary>
internal static class ReadApi
{
    public const string Health = "/healthz";

    private const int MostGaps = 10_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/devices", static (IReadingQueries queries) => new DevicesAnswer([.. queries.Devices().Select(ApiViews.Of)]));
        routes.MapGet("/api/series", static (IReadingQueries queries, SilenceRule silence, string? device) =>
            new SeriesAnswer([.. queries.Series(device).Select(series => ApiViews.Of(series, silence.Of(series)))]));
        routes.MapGet("/api/silent", static (IReadingQueries queries, SilenceRule silence) =>
            new SilentAnswer([.. silence.In(queries).Select(found => ApiViews.Of(found.Series, found.Silence))]));
        routes.MapGet("/api/readings", static IResult (IReadingQueries queries, SilenceRule silence, HttpRequest request) =>
            Readings(queries, silence, request));
        routes.MapGet("/api/gaps", static IResult (IReadingQueries queries, string? device, string? limit) => Gaps(queries, device, limit));
        routes.MapGet("/api/losses", static (IReadingQueries queries, string? device) =>
            new LossesAnswer([.. queries.Losses(device).Select(ApiViews.Of)]));
        routes.MapGet(
            "/api/summary", static (IReadingQueries queries, StoreHealth health) => ApiViews.Of(queries.Summary(), health.IsServing));
        routes.MapGet(Health, static IResult (StoreHealth health) => health.IsServing
            ? TypedResults.Text("The store works.\n")
            : TypedResults.Text("The store does not work at present.\n", statusCode: StatusCodes.Status503ServiceUnavailable)).OpenToAnyone();
        routes.MapGet("/api/{**path}", static IResult (string path) =>
            Problem(StatusCodes.Status404NotFound,
                $"There is no /api/{path}. There are devices, series, silent, readings, gaps, losses, summary and live."));
    }

    private static IResult Readings(IReadingQueries queries, SilenceRule silence, HttpRequest http)
    {
        if (!ReadingsRequest.TryRead(http, queries, out ReadingsRequest? request, out string problem, out bool isMissing))
        {
            return Problem(isMissing ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, problem);
        }
        IEnumerable<StoredReading> readings = ReadingStream.Read(queries, request.Range, request.Limit);
        return request.AsCsv
            ? new ReadingsCsv(request.Series, readings)
            : TypedResults.Ok(new ReadingsAnswer(
                ApiViews.Of(request.Series, silence.Of(request.Series)),
                readings.Select(ApiViews.Of)));
    }

    private static IResult Gaps(IReadingQueries queries, string? device, string? limitText)
    {
        int limit = MostGaps;
        if (limitText is not null
            && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostGaps))
        {
            return Problem(StatusCodes.Status400BadRequest, $"limit is \"{limitText}\". Use 1 to {MostGaps}.");
        }
        return TypedResults.Ok(new GapsAnswer([.. queries.Gaps(device, limit).Select(ApiViews.Of)]));
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
