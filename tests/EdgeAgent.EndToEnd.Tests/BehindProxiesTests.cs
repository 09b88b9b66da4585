using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Samples;
using EdgeAgent.Testing;
using EdgeAgent.Torture;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>
/// Two instances behind proxies as docs/ingestion.md configures them, each restarted in turn while data flows: one in order, one without warning.
/// </summary>
public sealed class BehindProxiesTests
{
    private const string Nginx = "nginx";
    private const string Haproxy = "haproxy";

    private const string NginxEndsTls = """
        daemon off;
        master_process off;
        pid @folder/nginx.pid;
        error_log stderr;
        worker_processes 1;
        events { }
        http {
          access_log off;
          client_body_temp_path @folder/body; proxy_temp_path @folder/proxy; fastcgi_temp_path @folder/fastcgi;
          uwsgi_temp_path @folder/uwsgi; scgi_temp_path @folder/scgi;
          upstream ingestion {
            server 127.0.0.1:@first max_fails=1 fail_timeout=1s;
            server 127.0.0.1:@second max_fails=1 fail_timeout=1s;
          }
          server {
            listen 127.0.0.1:@port ssl http2;
            ssl_certificate @folder/certificates/server.crt; ssl_certificate_key @folder/certificates/server.key;
            ssl_client_certificate @folder/certificates/ca.crt; ssl_verify_client on;
            ssl_buffer_size 1;
            client_max_body_size 0; client_body_timeout 90s;
            location / {
              grpc_pass grpcs://ingestion;
              grpc_read_timeout 90s; grpc_send_timeout 90s;
              grpc_set_header X-Client-Cert $ssl_client_escaped_cert;
              grpc_set_header Client-Cert "";
              grpc_ssl_certificate @folder/certificates/proxy-edge-1.crt; grpc_ssl_certificate_key @folder/certificates/proxy-edge-1.key;
              grpc_ssl_verify on; grpc_ssl_name localhost; grpc_ssl_trusted_certificate @folder/certificates/ca.crt;
            }
          }
        }
        """;

    private const string HaproxyEndsTls = """
        defaults
          mode http
          timeout connect 2s
          timeout client 90s
          timeout server 90s
        frontend devices
          bind 127.0.0.1:@port ssl crt @folder/certificates/server.pem alpn h2 ca-file @folder/certificates/ca.crt verify required
          http-request set-header Client-Cert :%[ssl_c_der,base64]:
          http-request del-header X-Client-Cert
          default_backend ingestion
        backend ingestion
          balance roundrobin
          default-server ssl crt @folder/certificates/proxy-edge-1.pem verify required ca-file @folder/certificates/ca.crt sni str(localhost) alpn h2 check inter 500ms fall 1 rise 1
          server first 127.0.0.1:@first
          server second 127.0.0.1:@second
        """;

    private const string HaproxyPassesTlsThrough = """
        defaults
          mode tcp
          timeout connect 2s
          timeout client 90s
          timeout server 90s
        listen devices
          bind 127.0.0.1:@port
          balance leastconn
          default-server check inter 500ms fall 1 rise 1 on-marked-down shutdown-sessions
          server first 127.0.0.1:@first
          server second 127.0.0.1:@second
        """;

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [InstalledFact(Nginx)]
    public Task Nothing_is_lost_or_doubled_behind_nginx_that_ends_tls() =>
        SurviveRestartsAsync(Nginx, NginxEndsTls, "-e", "stderr", "-p", "@folder", "-c", "@folder/proxy.conf");

    [InstalledFact(Haproxy)]
    public Task Nothing_is_lost_or_doubled_behind_haproxy_that_ends_tls() =>
        SurviveRestartsAsync(Haproxy, HaproxyEndsTls, "-db", "-f", "@folder/proxy.conf");

    [InstalledFact(Haproxy)]
    public Task Nothing_is_lost_or_doubled_behind_haproxy_that_passes_tls_through() =>
        SurviveRestartsAsync(Haproxy, HaproxyPassesTlsThrough, "-db", "-f", "@folder/proxy.conf");

    private static async Task SurviveRestartsAsync(string program, string configuration, params string[] arguments)
    {
        await using ProxiedCloud cloud = await ProxiedCloud.StartAsync(program, configuration, arguments);
        await using AgentHost agent = CreateAgent(cloud);
        await agent.StartAsync();
        var publisher = new SteadyPublisher((await agent.IntakesAsync())[0].Port, 0);
        using var stop = new CancellationTokenSource();
        Task publishing = publisher.RunAsync(stop.Token);
        await StoredMoreAsync(cloud, 100);

        Supervised first = cloud.Instances[0], second = cloud.Instances[1];
        await first.StopAsync();
        await StoredMoreAsync(cloud, 100);
        first.Start();
        await first.ReadyAsync();
        await second.KillAsync();
        await StoredMoreAsync(cloud, 100);
        second.Start();
        await second.ReadyAsync();
        await StoredMoreAsync(cloud, 100);

        await stop.CancelAsync();
        await publishing;
        await Eventually.TrueAsync(() => Count(cloud) >= publisher.Acknowledged.Count, Enough, "the backlog is drained");
        await agent.StopAsync();

        using StoredReadings database = cloud.OpenDatabase();
        Assert.Equal(publisher.Acknowledged.Order(), database.All().Select(row => (int)row.Value).Order());
    }

    /// <summary>Readings go on to be stored, which also an instance that is down must not prevent.</summary>
    private static async Task StoredMoreAsync(ProxiedCloud cloud, int readings)
    {
        long before = Count(cloud);
        await Eventually.TrueAsync(() => Count(cloud) >= before + readings, Enough, $"{readings} more readings are stored");
    }

    private static long Count(ProxiedCloud cloud)
    {
        using StoredReadings database = cloud.OpenDatabase();
        return database.Count();
    }

    private static AgentHost CreateAgent(ProxiedCloud cloud)
    {
        string file = cloud.WriteAgent(""" "mqtt": [ { "listen": "mqtt://127.0.0.1:0", "rules": [ { "topic": "counter", "series": "counter" } ] } ] """);
        return AgentConfiguration.TryReadFile(file, out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors)
            ? AgentHost.Create(configuration)
            : throw new InvalidOperationException(string.Join('\n', errors));
    }
}
