namespace EdgeAgent.Ingestion.Web.Access;

/// <summary>
/// Whether a request that changes something was made by our own page. Browsers send Origin with each of them (Fetch standard, "append a request Origin
/// header"), and no page can set it. Programs send none; they have no cookie either that a browser would add for them.
/// </summary>
internal static class OriginRule
{
    public static bool Allows(HttpRequest request, bool hasCookie)
    {
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            ? !hasCookie
            // Without the scheme: behind a proxy that ends TLS it differs, and the host does not.
            : Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && new HostString(from.Authority).Equals(WithoutDefaultPort(request.Host, from));
    }

    private static HostString WithoutDefaultPort(HostString host, Uri from) =>
        from.IsDefaultPort && host.Port == from.Port ? new HostString(host.Host) : host;
}
