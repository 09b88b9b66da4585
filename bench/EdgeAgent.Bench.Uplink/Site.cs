using EdgeAgent.Testing;
using EdgeAgent.Torture;

namespace EdgeAgent.Bench.Uplink;

/// <summary>Certificates and settings for one device and one service in a temporary folder; the programs are started and stopped by the measurements.</summary>
internal sealed class Site : IDisposable
{
    /// <summary>Values in each message that fills the spool.</summary>
    public const int ValuesPerMessage = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly string _cloudSettings;

    /// <param name="cloudSettings">Further members of the section "cloud", or an empty text.</param>
    private Site(string cloudSettings) => _cloudSettings = cloudSettings;

    public string Spool(string name) => _folder[$"spool-{name}"];

    public string DatabaseFile(string name) => Path.Combine(_folder[$"data-{name}"], "readings.db");

    public static async Task<Site> CreateAsync(string cloudSettings)
    {
        var site = new Site(cloudSettings);
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "dotnet", [ShippedProgram.Ingestion, "dev-ca", "create", site._folder["certificates"], "--device", "bench"],
            TimeSpan.FromMinutes(1));
        return exitCode == 0 ? site : throw new InvalidOperationException(output);
    }

    /// <param name="name">Of its database.</param>
    /// <param name="port">Where devices connect.</param>
    public Supervised Service(string name, int port) => new(
        "service", port, "dotnet", ShippedProgram.Ingestion, "serve", "--data", _folder[$"data-{name}"],
        "--listen", $"127.0.0.1:{port}", "--web", "127.0.0.1:0", "--certificate", _folder["certificates/server.crt"],
        "--key", _folder["certificates/server.key"], "--client-ca", _folder["certificates/ca.crt"]);

    /// <param name="name">Of its spool.</param>
    /// <param name="cloudPort">Where it reports to.</param>
    /// <param name="intakePort">Where it takes messages.</param>
    public Supervised Agent(string name, int cloudPort, int intakePort)
    {
        string certificates = _folder["certificates"];
        string values = string.Join(", ", Enumerable.Range(0, ValuesPerMessage).Select(i => $$"""{ "pointer": "/{{i}}", "suffix": "/{{i}}" }"""));
        File.WriteAllText(_folder[$"{name}.json"], $$"""
            {
              "cloud": {
                "endpoint": "https://localhost:{{cloudPort}}", "ca": "{{certificates}}/ca.crt",
                "certificate": "{{certificates}}/device-bench.crt", "key": "{{certificates}}/device-bench.key",
                "backoffFirst": "50ms", "backoffLast": "100ms" {{_cloudSettings}}
              },
              "device": { "state": "{{Spool(name)}}.state" },
              "spool": { "path": "{{Spool(name)}}", "maximumBytes": "1GiB" },
              "mqtt": [ { "listen": "mqtt://127.0.0.1:{{intakePort}}", "rules": [
                { "topic": "machine/{n}", "series": "machine/{n}", "payload": "json", "values": [ {{values}} ] },
                { "topic": "meter", "series": "meter" } ] } ]
            }
            """);
        return new Supervised("agent", intakePort, "dotnet", ShippedProgram.Agent, "run", "--config", _folder[$"{name}.json"]);
    }

    /// <summary>The same backlog once more.</summary>
    public void CopySpool(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(Spool(from), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Spool(to), Path.GetRelativePath(Spool(from), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => _folder.Dispose();
}
