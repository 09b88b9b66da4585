using System.Globalization;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Web.Access;

namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>
/// What somebody may ask whom nobody knows yet:
/// <code>
/// GET  /api/who                            { name, role, mayRead }        name and role are null where nobody is signed in
/// POST /api/sign-in { name, password }     204 and a cookie; 401; 429 with Retry-After
/// POST /api/sign-out                       204
/// </code>
/// </summary>
internal static class SignInApi
{
    public static void Map(IEndpointRouteBuilder routes, WebAccessOptions options)
    {
        routes.MapGet("/api/who", (HttpContext context) =>
        {
            Caller? caller = context.Features.Get<Caller>();
            return TypedResults.Ok(new WhoAnswer(caller?.Name, caller?.Role, caller is not null || options.Reading == WebReading.Open));
        }).OpenToAnyone();
        routes.MapPost("/api/sign-in", async Task<IResult> (HttpContext context, SignInForm form, SignIn signIn, SessionCookie cookie, AuditLog audit) =>
        {
            string? address = options.BehindProxy ? null : context.Connection.RemoteIpAddress?.ToString();
            SignInResult result = await signIn.TryAsync(form.Name ?? "", form.Password ?? "", address, context.RequestAborted);
            switch (result.Outcome)
            {
                case SignInOutcome.SignedIn:
                    audit.End(audit.Begin(form.Name!, "signed in", null), StatusCodes.Status204NoContent, null, address is null ? null : $"from {address}");
                    cookie.Write(context.Response, result.Cookie!);
                    return TypedResults.NoContent();
                case SignInOutcome.TooMany:
                    context.Response.Headers.RetryAfter = Math.Ceiling(result.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                    return TypedResults.Problem("There were too many tries. Wait a little.", statusCode: StatusCodes.Status429TooManyRequests);
                default:
                    return TypedResults.Problem("The name or the password is wrong.", statusCode: StatusCodes.Status401Unauthorized);
            }
        }).OpenToAnyone();
        routes.MapPost("/api/sign-out", IResult (HttpContext context, SessionCookie cookie, WebSessions sessions) =>
        {
            if (cookie.Read(context.Request) is { } session)
            {
                sessions.End(session);
            }
            cookie.Delete(context.Response);
            return TypedResults.NoContent();
        }).OpenToAnyone();
    }
}
