using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity.Authority;
using EdgeAgent.Ingestion.Identity.Enrolment;
using EdgeAgent.Ingestion.Identity.Tokens;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>Identity as a whole, put together.</summary>
internal sealed class IdentityParts : IAsyncDisposable
{
    /// <exception cref="InvalidDataException">The authority cannot be used.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A configured file does not hold what it should.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public IdentityParts(IngestionOptions options, ControlDatabase control, TimeProvider time, ILoggerFactory loggers)
    {
        X509Certificate2Collection further = ClientAuthority.LoadFurther(options.ClientAuthorityFile);
        WebTokens? webTokens = options.Identity.Jwt.KeysFile is null ? null : new WebTokens(options.Identity.Jwt, time);
        Authorities = new Authorities(options, control, time, loggers.CreateLogger<Authorities>());
        Server = new ServerIdentity(options, Authorities, time);
        Clients = new ClientAuthority(Authorities, further, time);
        Register = new IdentityRegister(control, time, loggers.CreateLogger<IdentityRegister>());
        Register.Refreshed += () => Authorities.Use(Register.Now.Authorities);
        Gate = new DeviceGate(Register, time);
        Callers = new Callers(options.Proxies, Clients, new BearerTokens(Register, webTokens, time), time);
        var certificates = new DeviceCertificates(options.Identity, Authorities, Server, Clients, time);
        Enrolments = new Enrolments(control, certificates, time);
        Renewals = new Renewals(options.Identity, control, certificates, time);
        Handshakes = new HandshakePace(options.Identity.HandshakesPerSecond, time);
        Failures = new FailureLimits(time);
    }

    public Authorities Authorities { get; }

    public ServerIdentity Server { get; }

    public ClientAuthority Clients { get; }

    public IdentityRegister Register { get; }

    public DeviceGate Gate { get; }

    public Callers Callers { get; }

    public Enrolments Enrolments { get; }

    public Renewals Renewals { get; }

    public HandshakePace Handshakes { get; }

    public FailureLimits Failures { get; }

    public async ValueTask DisposeAsync()
    {
        Gate.Dispose();
        await Register.DisposeAsync();
    }
}
