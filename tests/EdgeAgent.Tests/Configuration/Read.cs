using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Configuration;

/// <summary>Configuration documents for tests: a sound cloud section with real files, and what a test adds.</summary>
internal static class Read
{
    /// <summary>The cloud section that every document needs, and the files it names.</summary>
    public static string Cloud(TemporaryFolder folder)
    {
        using var authority = new TestAuthority();
        using var device = authority.IssueDevice("test");
        TestAuthority.WritePem(device, folder.Path, "device");
        File.WriteAllText(folder["ca.crt"], authority.RootPem);
        return """ "cloud": { "endpoint": "https://localhost:8443", "ca": "ca.crt", "certificate": "device.crt", "key": "device.key" } """;
    }

    public static AgentConfiguration Sound(TemporaryFolder folder, string document)
    {
        bool isRead = AgentConfiguration.TryRead(
            Encoding.UTF8.GetBytes(document), "agent.json", folder.Path, out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors);
        Assert.True(isRead, string.Join('\n', errors));
        return configuration!;
    }

    public static string[] Errors(TemporaryFolder folder, string document)
    {
        bool isRead = AgentConfiguration.TryRead(
            Encoding.UTF8.GetBytes(document), "agent.json", folder.Path, out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors);
        Assert.False(isRead);
        Assert.Null(configuration);
        return [.. errors.Select(error => error.ToString())];
    }
}
