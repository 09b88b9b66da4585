using EdgeAgent.Ingestion.Hosting;

namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>The part of the API that changes something: what the page and the commands of edge-ingestion use.</summary>
internal static class AdminApi
{
    public const string Prefix = "/api/admin";

    public static void Map(IEndpointRouteBuilder routes, IngestionParts parts)
    {
        RouteGroupBuilder admin = routes.MapGroup(Prefix);
        admin.MapGet("/whoami", static (HttpContext context) => TypedResults.Text(AdminCaller.Name(context)));
        PeopleApi.Map(admin);
        AuditApi.Map(admin);
        IdentityApi.Map(admin, parts);
        ConfigApi.Map(admin, parts);
        SessionApi.Map(admin, parts);
    }
}
