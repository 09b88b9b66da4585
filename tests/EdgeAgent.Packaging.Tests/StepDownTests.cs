using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>The published programs, started by root over a state that is somebody else's.</summary>
public sealed class StepDownTests : IDisposable
{
    /// <summary>Nobody's name: a user that only the folder knows.</summary>
    private const string Owner = "54321";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    [PublishedFact(PublishedFactAttribute.System)]
    public async Task An_agent_that_root_starts_becomes_the_owner_of_its_state_and_leaves_nothing_of_roots()
    {
        await OwnAsync("state");
        await using ForeignProcess agent = await StartAgentAsync();
        Assert.Equal($"{Owner} {Owner} {Owner} {Owner} in {Owner}", await WhoIsAsync(agent));
        Assert.Equal("", await ForeignersAsync());
    }

    [PublishedFact(PublishedFactAttribute.System)]
    public async Task Over_a_state_that_is_roots_it_stays_root()
    {
        Directory.CreateDirectory(_folder["state"]);
        await using ForeignProcess agent = await StartAgentAsync();
        Assert.StartsWith("0 0 0 0 in", await WhoIsAsync(agent), StringComparison.Ordinal);
    }

    [PublishedFact(PublishedFactAttribute.System)]
    public async Task Where_root_enrols_a_device_the_identity_is_the_agents()
    {
        await OwnAsync("state");
        await WriteConfigurationAsync();
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            Places.Agent, ["enroll", "--config", _folder["agent.json"], "--token", "no-such-token", "--cloud", $"https://127.0.0.1:{Loopback.FreePort()}"], Patience);
        Assert.True(exitCode == 1 && output.Contains("The service gave no answer.", StringComparison.Ordinal), output);
        Assert.True(Directory.Exists(Path.Combine(_folder["state"], "identity")));
        Assert.Equal("", await ForeignersAsync());
    }

    [PublishedFact(PublishedFactAttribute.System)]
    public async Task A_service_that_root_starts_leaves_a_database_that_is_its_owners()
    {
        await OwnAsync("state");
        await using ForeignProcess service = ForeignProcess.Start(Places.Service, "serve", "--data", _folder["state"], "--listen", "127.0.0.1:0", "--web", "127.0.0.1:0");
        await Eventually.TrueAsync(
            () => service.Output.Contains("Devices connect to", StringComparison.Ordinal) || service.HasExited, Patience, () => $"the service starts; it said {service.Output}");
        Assert.Equal($"{Owner} {Owner} {Owner} {Owner} in {Owner}", await WhoIsAsync(service));
        Assert.Equal("", await ForeignersAsync());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ForeignProcess> StartAgentAsync()
    {
        await WriteConfigurationAsync();
        ForeignProcess agent = ForeignProcess.Start(Places.Agent, "run", "--config", _folder["agent.json"]);
        await Eventually.TrueAsync(
            () => Directory.Exists(Path.Combine(_folder["state"], "spool")) || agent.HasExited, Patience, () => $"the agent opens its spool; it said {agent.Output}");
        return agent;
    }

    private Task WriteConfigurationAsync() => File.WriteAllTextAsync(_folder["agent.json"], $$"""
        {
          "device": { "state": "{{_folder["state"]}}" },
          "cloud": { "endpoint": "https://127.0.0.1:{{Loopback.FreePort()}}" },
          "spool": { "path": "{{_folder["state"]}}/spool" }
        }
        """);

    /// <summary>A folder of its own for the owner, in one that everybody may pass.</summary>
    private async Task OwnAsync(string name)
    {
        Directory.CreateDirectory(_folder[name]);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        (int exitCode, string output) = await ForeignProcess.RunAsync("chown", [$"{Owner}:{Owner}", _folder[name]], Patience);
        Assert.True(exitCode == 0, output);
    }

    /// <summary>The four users of a process (real, effective, saved, of the file system) and its groups, as the kernel says.</summary>
    private static async Task<string> WhoIsAsync(ForeignProcess process)
    {
        string[] status = await File.ReadAllLinesAsync($"/proc/{process.Id}/status");
        return $"{Of("Uid:")} in {Of("Groups:")}".TrimEnd();

        string Of(string field) => string.Join(' ', status.First(line => line.StartsWith(field, StringComparison.Ordinal)).Split('\t', ' ').Skip(1)).Trim();
    }

    /// <summary>What in the state is not the owner's.</summary>
    private async Task<string> ForeignersAsync() =>
        (await ForeignProcess.RunAsync("find", [_folder["state"], "!", "-uid", Owner], Patience)).Output;
}
