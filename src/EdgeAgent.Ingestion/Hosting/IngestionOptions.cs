using System.Net;
using EdgeAgent.Ingestion.Configs;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>
/// All settings of the service. The file's grammar is in <see cref="ConfigurationFile"/>; docs/ingestion.md lists them for
/// people.
/// </summary>
internal sealed class IngestionOptions
{
    /// <summary>
    /// Where devices connect: TLS, HTTP/2, client certificates. Default 0.0.0.0:8443: devices are elsewhere. Port 0: any free
    /// port.
    /// </summary>
    public IPEndPoint Listen { get; set; } = new(IPAddress.Any, 8443);

    /// <summary>The page, the read API and the admin API. Default 127.0.0.1:8080: elsewhere they need TLS, see <see cref="WebAccess"/>.</summary>
    public IPEndPoint Web { get; set; } = new(IPAddress.Loopback, 8080);

    /// <summary>Who may see the page and use the APIs.</summary>
    public WebAccessOptions WebAccess { get; set; } = new();

    /// <summary>The folder of the database. Default /var/lib/edge-ingestion.</summary>
    public string Data { get; set; } = "/var/lib/edge-ingestion";

    /// <summary>PEM file with the service's certificate, intermediates after it. Default none: the service issues itself one, see <see cref="IdentityOptions.ServerNames"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the key of that certificate (PKCS#8 or SEC 1). Required with it.</summary>
    public string? KeyFile { get; set; }

    /// <summary>PEM file with further authorities that sign devices, and proxies. Default none: only the one of <see cref="Identity"/> does.</summary>
    public string? ClientAuthorityFile { get; set; }

    /// <summary>
    /// Names of proxies that end the devices' TLS and pass their certificates on, each proven by a client certificate of its own that says
    /// urn:edge-agent:proxy:NAME. Default none: a device is who its own connection says.
    /// </summary>
    public string[] Proxies { get; set; } = [];

    /// <summary>
    /// How long a device may take to report. One that has not for longer is offline; and a series is silent so long after two of its expected intervals.
    /// Default 5 min: an agent's batches are a minute old at most, and a broken line is soon tried again. More where devices are told to report rarely.
    /// </summary>
    public TimeSpan ReportWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A PostgreSQL server instead of the database in the folder.</summary>
    public PostgresOptions Postgres { get; set; } = new();

    /// <summary>Who signs devices, and who else may call.</summary>
    public IdentityOptions Identity { get; set; } = new();

    /// <summary>How uploads are received.</summary>
    public IngestOptions Ingest { get; set; } = new();

    /// <summary>What configuring devices may cost.</summary>
    public ConfigOptions Configs { get; set; } = new();
}
