using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Samples;
using EdgeAgent.Testing;
using EdgeAgent.Torture;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>Two instances of the service as processes over one database, and a proxy that nobody here wrote before them.</summary>
internal sealed class ProxiedCloud : IAsyncDisposable
{
    private const string Device = "cabinet-7";

    private readonly TemporaryFolder _folder = new();
    private readonly ForeignProcess _proxy;

    private ProxiedCloud(string program, string configuration, string[] arguments)
    {
        DevelopmentAuthority.Create(_folder["certificates"], [Device], [], ["edge-1"]);
        foreach (string name in (string[])["server", "proxy-edge-1"])
        {
            // haproxy wants certificate and key in one file.
            File.WriteAllText(_folder[$"certificates/{name}.pem"], File.ReadAllText(_folder[$"certificates/{name}.crt"]) + File.ReadAllText(_folder[$"certificates/{name}.key"]));
        }
        Instances = [Instance("first"), Instance("second")];
        Port = Loopback.FreePort();
        File.WriteAllText(_folder["proxy.conf"], FillIn(configuration) + '\n');
        _proxy = ForeignProcess.Start(InstalledFactAttribute.Find(program)!, [.. arguments.Select(FillIn)]);
    }

    public IReadOnlyList<Supervised> Instances { get; }

    /// <summary>Where devices connect to the proxy.</summary>
    public int Port { get; }

    /// <param name="program">The proxy.</param>
    /// <param name="configuration">Its configuration, with @folder, @port, @first and @second to be filled in. certificates/ is in the folder.</param>
    /// <param name="arguments">What it is started with; @folder as above.</param>
    public static async Task<ProxiedCloud> StartAsync(string program, string configuration, params string[] arguments)
    {
        var cloud = new ProxiedCloud(program, configuration, arguments);
        foreach (Supervised instance in cloud.Instances)
        {
            instance.Start();
            // One after the other: the first one makes the database.
            await instance.ReadyAsync();
        }
        try
        {
            await Loopback.WaitForPortAsync(cloud.Port, TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"{program} did not start:\n{cloud._proxy.Output}", late);
        }
        return cloud;
    }

    /// <summary>Writes the configuration of an agent that reports to the proxy.</summary>
    /// <param name="sources">The sections of the sources, as JSON members.</param>
    public string WriteAgent(string sources)
    {
        File.WriteAllText(_folder["agent.json"], $$"""
            {
              "cloud": {
                "endpoint": "https://localhost:{{Port}}",
                "ca": "{{_folder["certificates"]}}/ca.crt",
                "certificate": "{{_folder["certificates"]}}/device-{{Device}}.crt",
                "key": "{{_folder["certificates"]}}/device-{{Device}}.key",
                "backoffFirst": "50ms", "backoffLast": "500ms", "connectTimeout": "5s", "receiptTimeout": "5s", "sessionTime": "1s"
              },
              "spool": { "path": "{{_folder["spool"]}}" },
              {{sources}}
            }
            """);
        return _folder["agent.json"];
    }

    public StoredReadings OpenDatabase() => new(Path.Combine(_folder["data"], "readings.db"));

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        foreach (Supervised instance in Instances)
        {
            await instance.DisposeAsync();
        }
        _folder.Dispose();
    }

    private Supervised Instance(string name)
    {
        int port = Loopback.FreePort();
        File.WriteAllText(_folder[$"{name}.port"], $"{port}");
        File.WriteAllText(_folder[$"{name}.json"], $$"""
            {
              "listen": "127.0.0.1:{{port}}", "web": "127.0.0.1:0", "data": "{{_folder["data"]}}", "proxies": ["edge-1"],
              "certificateFile": "{{_folder["certificates/server.crt"]}}", "keyFile": "{{_folder["certificates/server.key"]}}",
              "clientAuthorityFile": "{{_folder["certificates/ca.crt"]}}", "ingest": { "predecessorWait": "2s" }
            }
            """);
        return new Supervised(name, port, "dotnet", ShippedProgram.Ingestion, "serve", "--config", _folder[$"{name}.json"]);
    }

    private string FillIn(string text) => text
        .Replace("@folder", _folder.Path, StringComparison.Ordinal)
        .Replace("@port", $"{Port}", StringComparison.Ordinal)
        .Replace("@first", File.ReadAllText(_folder["first.port"]), StringComparison.Ordinal)
        .Replace("@second", File.ReadAllText(_folder["second.port"]), StringComparison.Ordinal);
}
