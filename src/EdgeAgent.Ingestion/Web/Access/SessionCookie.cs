using EdgeAgent.Ingestion.Hosting;

namespace EdgeAgent.Ingestion.Web.Access;

/// <summary>
/// The cookie of whoever is signed in: out of reach of scripts, sent to this site alone and never from another one. Under TLS its name has the prefix that
/// keeps it from being set by anybody else (RFC 6265bis, "__Host-").
/// </summary>
internal sealed class SessionCookie(WebAccessOptions options)
{
    private readonly bool _isSecure = options.CertificateFile is not null || options.BehindProxy;

    private string Name => _isSecure ? "__Host-edge-session" : "edge-session";

    public string? Read(HttpRequest request) => request.Cookies[Name] is { Length: > 0 } secret ? secret : null;

    public void Write(HttpResponse response, string secret) => response.Cookies.Append(Name, secret, Attributes(options.SessionLifetime));

    public void Delete(HttpResponse response) => response.Cookies.Append(Name, "", Attributes(TimeSpan.Zero));

    private CookieOptions Attributes(TimeSpan age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = _isSecure,
        Path = "/",
        MaxAge = age,
    };
}
