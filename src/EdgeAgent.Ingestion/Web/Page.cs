using System.Reflection;
using EdgeAgent.Ingestion.Web.Access;

namespace EdgeAgent.Ingestion.Web;

/// <summary>The page at / and its files, embedded. They load nothing from elsewhere, and the policy forbids it.</summary>
internal static class Page
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapFile(routes, "/", "index.html", "text/html; charset=utf-8");
        MapFile(routes, "/page.css", "page.css", "text/css; charset=utf-8");
        MapFile(routes, "/page.js", "page.js", "text/javascript; charset=utf-8");
        MapFile(routes, "/control.js", "control.js", "text/javascript; charset=utf-8");
        MapFile(routes, "/account.js", "account.js", "text/javascript; charset=utf-8");
        MapFile(routes, "/icon.svg", "icon.svg", "image/svg+xml");
    }

    /// <summary>
    /// Series names come from devices; even if one slipped through the page's own escaping, it could load and send nothing.
    /// </summary>
    public static void AddSecurityHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static void MapFile(IEndpointRouteBuilder routes, string path, string name, string contentType)
    {
        byte[] content = Load(name);
        routes.MapGet(path, IResult () => TypedResults.Bytes(content, contentType)).OpenToAnyone();
    }

    private static byte[] Load(string name)
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        byte[] content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
