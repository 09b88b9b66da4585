namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>The person or program behind a request to the admin API: the author of what it changes.</summary>
internal static class AdminCaller
{
    public static string Name(HttpContext context) => context.User.Identity?.Name ?? "local";
}
