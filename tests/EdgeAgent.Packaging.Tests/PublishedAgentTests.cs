using System.Text.RegularExpressions;
using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>The agent as it is shipped for linux-x64: trimmed, in one file.</summary>
public sealed class PublishedAgentTests
{
    private const long MostBytes = 27_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [PublishedFact]
    public void It_is_one_file_of_at_most_27_MB() => Assert.InRange(new FileInfo(Places.Agent).Length, 1, MostBytes);

    [PublishedFact]
    public void Beside_the_two_programs_lies_only_the_library_of_the_database() => Assert.Equal(
        ["edge-agent", "edge-ingestion", "libe_sqlite3.so"], Directory.GetFiles(Places.Published).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [PublishedFact]
    public async Task It_says_its_version_and_explains_its_commands()
    {
        Assert.StartsWith("edge-agent ", (await RunAsync("version")).Output, StringComparison.Ordinal);
        Assert.Contains("enroll", (await RunAsync("--help")).Output, StringComparison.Ordinal);
    }

    [PublishedFact]
    public async Task The_configuration_that_is_installed_is_valid()
    {
        (int exitCode, string output) = await RunAsync("config", "check", "--config", Path.Combine(Places.Repository, "deploy", "agent-minimal.json"));
        Assert.True(exitCode == 0, output);
    }

    [PublishedFact]
    public async Task What_is_wrong_with_a_configuration_is_told_as_before_it_was_trimmed()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["agent.json"], """{ "cloud": { "endpoint": "https://127.0.0.1:1", "sessionTime": "2h" }, "device": { "lables": {} } }""");
        (int exitCode, string output) = await RunAsync("config", "check", "--config", folder["agent.json"]);
        Assert.Equal(78, exitCode);
        Assert.Contains("/device/lables: There is no such key here. Did you mean \"labels\"?", output, StringComparison.Ordinal);
        Assert.Contains("/cloud/sessionTime: \"2h\" is out of range.", output, StringComparison.Ordinal);
    }

    [PublishedFact("readelf", "dpkg-query")]
    public async Task Every_library_that_a_program_is_linked_to_is_in_a_package_that_it_depends_on()
    {
        foreach ((string program, string file) in ((string, string)[])[("edge-agent", Places.Agent), ("edge-ingestion", Places.Service)])
        {
            string control = await File.ReadAllTextAsync(Path.Combine(Places.Repository, "deploy", "packaging", program, "control"));
            string depends = Regex.Match(control, "^Depends: (.*)$", RegexOptions.Multiline).Groups[1].Value;
            string dynamic = (await ForeignProcess.RunAsync("readelf", ["--dynamic", file], Patience)).Output;
            string[] needed = [.. Regex.Matches(dynamic, @"\(NEEDED\).*\[(.*)\]").Select(static match => match.Groups[1].Value)];
            Assert.NotEmpty(needed);
            foreach (string library in needed)
            {
                string owner = (await ForeignProcess.RunAsync("dpkg-query", ["--search", $"*/{library}"], Patience)).Output;
                Assert.Contains(depends.Split(", "), package => owner.Contains(package.Split(' ')[0] + ":", StringComparison.Ordinal));
            }
        }
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => ForeignProcess.RunAsync(Places.Agent, arguments, Patience);
}
