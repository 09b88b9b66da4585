namespace EdgeAgent.Ingestion.Hosting;

/// <summary>Who signs devices, for how long, and who else may call. Section <c>identity</c> of the configuration.</summary>
internal sealed class IdentityOptions
{
    /// <summary>
    /// PEM file with an authority that signs devices instead of the service's own: its certificate, those above it, and the root at the end. Default none: the service
    /// makes an authority in the folder <c>authority</c> of its data at the first start.
    /// </summary>
    public string? AuthorityFile { get; set; }

    /// <summary>PEM file with the key of that authority (PKCS#8, encrypted or not, or SEC 1). Required with it.</summary>
    public string? AuthorityKeyFile { get; set; }

    /// <summary>
    /// File with the passphrase of the authority's key, such as a systemd credential. Default none: the service's own key is protected by its mode, 0600, alone.
    /// </summary>
    public string? PassphraseFile { get; set; }

    /// <summary>
    /// How long a device's certificate counts. Default 90 d: it renews at a third of that left, so that the service may be away for a month, and a certificate that was
    /// copied is of use for a season at most.
    /// </summary>
    public TimeSpan DeviceLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long after its end a certificate may still be renewed, and nothing else. Default 365 d: a device that lay in a warehouse for a year comes back without anybody
    /// having to visit it.
    /// </summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// DNS names and addresses for the certificate that the service issues to itself where <see cref="IngestionOptions.CertificateFile"/> is not set. Default: localhost and
    /// the machine's name.
    /// </summary>
    public string[] ServerNames { get; set; } = [];

    /// <summary>
    /// TLS handshakes a second at most; more wait for up to 5 s, and are closed then. Default 200: about a fifth of one processor core. A fleet of 10,000 is back within a
    /// minute.
    /// </summary>
    public int HandshakesPerSecond { get; set; } = 200;

    /// <summary>JSON Web Tokens of another authority as bearer tokens.</summary>
    public JwtOptions Jwt { get; set; } = new();
}

/// <summary>Which JSON Web Tokens (RFC 7519) count. Section <c>identity.jwt</c>. Without a file of keys none does.</summary>
internal sealed class JwtOptions
{
    /// <summary>File with the public keys of whoever issues them: PEM, one or several, or a JSON Web Key Set (RFC 7517). Read at the start.</summary>
    public string? KeysFile { get; set; }

    /// <summary>What the claim <c>iss</c> must be. Required with a file of keys.</summary>
    public string? Issuer { get; set; }

    /// <summary>What the claim <c>aud</c> must contain. Required with a file of keys: a token that was meant for another service must not count here.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that names the device. Default <c>sub</c>.</summary>
    public string DeviceClaim { get; set; } = "sub";
}
