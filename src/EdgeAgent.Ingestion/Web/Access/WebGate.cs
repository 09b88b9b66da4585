using System.Security.Claims;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Web.Access;

/// <summary>
/// Lets people and programs in: every request to the page's server passes here before its endpoint. What an endpoint does not say itself follows from the request:
/// <code>
/// changes something (not GET, not HEAD)     operator
/// GET under /api/admin                      viewer
/// any other GET                             viewer, or anyone where reading is open
/// </code>
/// </summary>
internal sealed class WebGate(WebAccessOptions options, HostRule hosts, SessionCookie cookie, WebSessions sessions, ApiTokens tokens, AuditedRequests audited)
{
    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        Endpoint? endpoint = context.GetEndpoint();
        Access? access = endpoint?.Metadata.GetMetadata<Access>();
        bool isChange = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        bool isOpen = access is { Role: null };
        // A load balancer may ask for health by any name: it is told nothing else.
        if (!hosts.Allows(context.Request.Host) && !(isOpen && context.Request.Path == ReadApi.Health))
        {
            await RefuseAsync(
                context, StatusCodes.Status421MisdirectedRequest, $"This page is not known as {context.Request.Host.Host}. Name it in webAccess.hosts if it is.");
            return;
        }
        Caller? caller = null;
        string? session = null;
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            caller = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? tokens.Find(authorization[Bearer.Length..].Trim()) : null;
            if (caller is null)
            {
                await RefuseAsync(context, StatusCodes.Status401Unauthorized, "The token is none of this service's, was withdrawn, or is over.");
                return;
            }
        }
        else
        {
            session = cookie.Read(context.Request);
            caller = session is null ? null : sessions.Find(session);
        }
        if (isChange && !OriginRule.Allows(context.Request, session is not null))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Another site's page has sent this request.");
            return;
        }
        if (caller is not null)
        {
            context.Features.Set(caller);
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], "edge"));
        }
        Role? needed = isOpen ? null : access?.Role ?? Needed(context.Request.Path, isChange);
        if (needed is null)
        {
            await next(context);
        }
        else if (caller is null)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Sign in, or send a token: Authorization: Bearer TOKEN.");
        }
        else if (isChange)
        {
            await audited.RunAsync(context, caller, caller.Role >= needed ? next : refused => RefuseAsync(refused, needed.Value));
        }
        else
        {
            await (caller.Role >= needed ? next(context) : RefuseAsync(context, needed.Value));
        }
    }

    private Role? Needed(PathString path, bool isChange) =>
        isChange ? Role.Operator : options.Reading == WebReading.Open && !path.StartsWithSegments(AdminApi.Prefix) ? null : Role.Viewer;

    private static Task RefuseAsync(HttpContext context, Role needed) =>
        RefuseAsync(context, StatusCodes.Status403Forbidden, $"This is for {Roles.Name(needed)}s.");

    private static Task RefuseAsync(HttpContext context, int status, string detail)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = Bearer.TrimEnd();
        }
        return TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);
    }
}
