using System.Text.Json.Serialization;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>Who may see the page and use the APIs. Section <c>webAccess</c> of the configuration.</summary>
internal sealed class WebAccessOptions
{
    /// <summary>
    /// Who may read what devices have sent. Default signed-in. The admin API, and whatever changes something, asks in either case who it is.
    /// </summary>
    public WebReading Reading { get; set; } = WebReading.SignedIn;

    /// <summary>PEM file with the certificate of the page, intermediates after it. Default none: plain HTTP, which is for loopback.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the key of that certificate.</summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// A proxy before the page ends TLS. Default false. Cookies are then for TLS only, another address than loopback may be listened on without a certificate,
    /// and tries to sign in are counted by name alone, because all come from the proxy.
    /// </summary>
    public bool BehindProxy { get; set; }

    /// <summary>
    /// Names under which people reach the page, without a port. Default none: localhost, and the address that is listened on, always count. A request for
    /// another name is refused: a page elsewhere could have its own name lead here (DNS rebinding).
    /// </summary>
    public string[] Hosts { get; set; } = [];

    /// <summary>How long a person stays signed in. Default 12 h: a working day.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Entries of the audit that are kept. Default 100,000: some 30 MB.</summary>
    public int AuditEntries { get; set; } = 100_000;
}

/// <summary>Who may read what devices have sent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WebReading>))]
internal enum WebReading
{
    /// <summary>Whoever signs in, or shows a token.</summary>
    [JsonStringEnumMemberName("signed-in")]
    SignedIn,

    /// <summary>Whoever can connect: for a desk, on loopback only.</summary>
    [JsonStringEnumMemberName("open")]
    Open,
}
