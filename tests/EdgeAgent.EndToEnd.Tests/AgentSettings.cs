using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Samples;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>Configuration files for agents that report to a <see cref="Cloud"/>.</summary>
internal static class AgentSettings
{
    /// <param name="cloud">Where it reports to, through the relay.</param>
    /// <param name="sources">The sections of the sources, as JSON members.</param>
    /// <param name="durability">When readings go to flash.</param>
    /// <param name="port">Another line to the service than the cloud's relay.</param>
    /// <returns>The path of the file.</returns>
    public static string Write(Cloud cloud, string sources, string durability = "always", int? port = null)
    {
        string file = cloud.Folder["agent.json"];
        File.WriteAllText(file, $$"""
            {
              "cloud": {
                "endpoint": "https://localhost:{{port ?? cloud.Network.Port}}",
                "ca": "{{cloud.Certificates}}/ca.crt",
                "certificate": "{{cloud.Certificates}}/device-{{Cloud.Device}}.crt",
                "key": "{{cloud.Certificates}}/device-{{Cloud.Device}}.key",
                "backoffFirst": "50ms", "backoffLast": "500ms", "connectTimeout": "2s", "receiptTimeout": "2s"
              },
              "device": { "state": "{{cloud.Folder["state"]}}" },
              "spool": { "path": "{{cloud.Folder["spool"]}}", "durability": "{{durability}}" },
              "batch": { "maximumAge": "200ms" },
              {{sources}}
            }
            """);
        return file;
    }

    public static AgentHost CreateAgent(Cloud cloud, string sources, int? port = null)
    {
        string file = Write(cloud, sources, port: port);
        return AgentConfiguration.TryReadFile(file, out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors)
            ? AgentHost.Create(configuration)
            : throw new QuickstartException(string.Join('\n', errors));
    }
}
