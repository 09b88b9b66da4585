using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Identity.Authority;
using EdgeAgent.Ingestion.Identity.Tokens;
using EdgeAgent.Ingestion.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>Tokens, what devices may do, and authorities.</summary>
internal static class IdentityApi
{
    private const int MaximumRequestBytes = 16 * 1024;
    private const int MaximumReason = 200;

    private static readonly TimeSpan ShortestToken = TimeSpan.FromMinutes(1);

    /// <summary>A token that lies about for longer is a credential of its own.</summary>
    private static readonly TimeSpan LongestEnrolment = TimeSpan.FromDays(30);

    /// <summary>A bearer token that is to last longer has no end, and says so.</summary>
    private static readonly TimeSpan LongestBearer = TimeSpan.FromDays(3660);

    private static readonly TimeSpan DefaultEnrolment = TimeSpan.FromDays(1);

    public static void Map(RouteGroupBuilder admin, IngestionParts parts)
    {
        RouteGroupBuilder group = admin.MapGroup("").WithMetadata(new RequestSizeLimitAttribute(MaximumRequestBytes));
        var decisions = new IdentityDecisions(parts.Control, parts.Time, parts.Loggers.CreateLogger<IdentityDecisions>());
        Authorities authorities = parts.Identity.Authorities;
        long Now() => parts.Time.GetUtcNow().ToUnixNanoseconds();

        group.MapGet("/tokens", () => new TokensAnswer([.. parts.Control.Read(TokenRecords.All).Select(token => IdentityViews.Of(token, Now()))]));
        group.MapPost("/tokens", IResult (TokenRequest request, HttpContext context) => CreateToken(request, decisions, AdminCaller.Name(context)));
        group.MapPost("/tokens/{id:long}/withdraw", IResult (long id, HttpContext context) => decisions.WithdrawToken(id, AdminCaller.Name(context))
            ? TypedResults.Ok(new TokensAnswer([.. parts.Control.Read(TokenRecords.All).Where(token => token.Id == id).Select(token => IdentityViews.Of(token, Now()))]))
            : Problem(StatusCodes.Status404NotFound, $"There is no token {id} that could still be used."));

        group.MapGet("/devices", () => parts.Control.Read(IdentityViews.Devices));
        group.MapGet("/devices/{device}/identity", IResult (string device) => DeviceName.IsValid(device)
            ? TypedResults.Ok(parts.Control.Read(session => IdentityViews.Of(session, device, Now())))
            : NoName(device));
        group.MapPost("/devices/{device}/identity", IResult (string device, StandingRequest request, HttpContext context) =>
        {
            if (Decide(device, request, decisions, AdminCaller.Name(context)) is { } problem)
            {
                return problem;
            }
            return TypedResults.Ok(parts.Control.Read(session => IdentityViews.Of(session, device, Now())));
        });

        group.MapGet("/authority", () => IdentityViews.Of(authorities, parts.Control));
        group.MapPost("/authority/roll", IResult (HttpContext context) =>
            Rollover(authorities.Roll(AdminCaller.Name(context)), () => IdentityViews.Of(authorities, parts.Control)));
        group.MapPost("/authority/finish", IResult (FinishRequest request, HttpContext context) =>
            Rollover(authorities.Finish(AdminCaller.Name(context), request.Force), () => IdentityViews.Of(authorities, parts.Control)));
    }

    private static IResult CreateToken(TokenRequest request, IdentityDecisions decisions, string author)
    {
        if (!DeviceName.IsValid(request.Device))
        {
            return NoName(request.Device);
        }
        if (request.Kind is not (IdentityViews.Enrolment or IdentityViews.Bearer))
        {
            return Problem(StatusCodes.Status400BadRequest, $"\"{request.Kind}\" is no kind of token. There are {IdentityViews.Enrolment} and {IdentityViews.Bearer}.");
        }
        TokenKind kind = request.Kind == IdentityViews.Enrolment ? TokenKind.Enrolment : TokenKind.Bearer;
        TimeSpan longest = kind == TokenKind.Enrolment ? LongestEnrolment : LongestBearer;
        if (request.TtlSeconds is { } seconds && !(seconds >= ShortestToken.TotalSeconds && seconds <= longest.TotalSeconds))
        {
            return Problem(
                StatusCodes.Status400BadRequest, $"A token of this kind lasts from {ShortestToken.TotalMinutes} min to {longest.TotalDays} d.");
        }
        TimeSpan? lifetime = request.TtlSeconds is { } set ? TimeSpan.FromSeconds(set) : kind == TokenKind.Enrolment ? DefaultEnrolment : null;
        (long id, string token, long expires) = decisions.CreateToken(kind, request.Device, lifetime, author);
        return TypedResults.Ok(new TokenCreatedView(id, request.Device, token, IdentityViews.Expires(expires)));
    }

    private static ProblemHttpResult? Decide(string device, StandingRequest request, IdentityDecisions decisions, string author)
    {
        if (!DeviceName.IsValid(device))
        {
            return NoName(device);
        }
        if (IdentityViews.Standing(request.Standing) is not { } standing)
        {
            return Problem(
                StatusCodes.Status400BadRequest,
                $"\"{request.Standing}\" is no standing. There are {IdentityViews.Active}, {IdentityViews.Quarantined} and {IdentityViews.Revoked}.");
        }
        string reason = request.Reason ?? "";
        if (reason.Length > MaximumReason || reason.Any(char.IsControl))
        {
            // It travels in a status of gRPC.
            return Problem(StatusCodes.Status400BadRequest, $"The reason must be one line of at most {MaximumReason} characters.");
        }
        decisions.Decide(device, standing, reason, author, request.Restore && standing == DeviceStanding.Active);
        return null;
    }

    private static IResult Rollover(RolloverOutcome outcome, Func<AuthoritiesAnswer> answer) => outcome switch
    {
        RolloverOutcome.Done => TypedResults.Ok(answer()),
        RolloverOutcome.RunsAlready => Problem(StatusCodes.Status409Conflict, "A rollover runs already. Finish it first."),
        RolloverOutcome.NothingToFinish => Problem(StatusCodes.Status409Conflict, "There is one authority only: no rollover runs."),
        RolloverOutcome.DevicesLeft => Problem(
            StatusCodes.Status409Conflict,
            "Devices still have certificates of the older authority and would be locked out. They renew by themselves; wait for them, revoke them, or force it."),
        _ => Problem(StatusCodes.Status409Conflict, "The authority is in configured files: replace those, and name the old root in clientAuthorityFile meanwhile."),
    };

    private static ProblemHttpResult NoName(string? name) =>
        Problem(StatusCodes.Status400BadRequest, $"\"{name}\" cannot be the name of a device: 1 to 64 letters, digits, '.', '_' and '-'.");

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
