using System.Globalization;
using System.Text.RegularExpressions;
using EdgeAgent.Configuration;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Deployment;

/// <summary>The units as they are shipped, judged by systemd itself. What they do on a running system: tests/vm.</summary>
public sealed partial class UnitFileTests : IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [InstalledTheory("systemd-analyze")]
    [InlineData("edge-agent.service")]
    [InlineData("edge-agent-configuration.path")]
    [InlineData("edge-ingestion.service")]
    [InlineData("edge-ingestion-configuration.path")]
    public async Task Systemd_finds_nothing_wrong_with_a_unit(string unit)
    {
        foreach (string file in Directory.GetFiles(Shipped("")))
        {
            // It asks whether the program is there, which is not installed here.
            string text = InstalledProgram().Replace(await File.ReadAllTextAsync(file), "/bin/true");
            await File.WriteAllTextAsync(_folder[Path.GetFileName(file)], text);
        }

        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "systemd-analyze", ["verify", "--man=no", _folder[unit]], Enough, new Dictionary<string, string> { ["SYSTEMD_UNIT_PATH"] = $"{_folder.Path}:" });

        // Before 254 systemd does not know the steps between two starts, and says that it goes on without.
        string[] complaints = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !Steps().IsMatch(line))];
        Assert.True(exitCode == 0 && complaints.Length == 0, output);
    }

    [InstalledTheory("systemd-analyze")]
    [InlineData("edge-agent.service", 2.1)]
    [InlineData("edge-ingestion.service", 1.2)]
    public async Task A_unit_is_exposed_no_more_than_it_was(string unit, double most)
    {
        (_, string output) = await ForeignProcess.RunAsync("systemd-analyze", ["security", "--offline=true", "--no-pager", Shipped(unit)], Enough);

        Match found = Exposure().Match(output);
        Assert.True(found.Success, output);
        Assert.True(double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) <= most, output);
    }

    [Fact]
    public void The_service_may_hold_as_many_connections_as_its_options_allow()
    {
        string limit = Lines("edge-ingestion.service").Single(static line => line.StartsWith("LimitNOFILE=", StringComparison.Ordinal));
        // Eight connections a session, 1,024 sessions by default, and files.
        Assert.True(int.Parse(limit["LimitNOFILE=".Length..], CultureInfo.InvariantCulture) > (8 * 1_024) + 1_024);
    }

    [Fact]
    public void The_agent_is_given_longer_to_end_than_it_gives_itself()
    {
        string limit = Lines("edge-agent.service").Single(static line => line.StartsWith("TimeoutStopSec=", StringComparison.Ordinal));
        double seconds = double.Parse(limit["TimeoutStopSec=".Length..].TrimEnd('s'), CultureInfo.InvariantCulture);
        Assert.True(seconds > new DeviceOptions().StopWithin.TotalSeconds + 15);
    }

    [Theory]
    [InlineData("edge-agent.service")]
    [InlineData("edge-ingestion.service")]
    public void A_unit_never_gives_up_and_waits_for_no_network(string unit)
    {
        string[] lines = Lines(unit);
        Assert.Contains("Restart=always", lines);
        Assert.Contains("StartLimitIntervalSec=0", lines);
        Assert.DoesNotContain(lines, static line => line.Contains("network-online", StringComparison.Ordinal));
    }

    private static string Shipped(string file) => Path.Join(AppContext.BaseDirectory, "deploy", "systemd", file);

    private static string[] Lines(string unit) => [.. File.ReadAllLines(Shipped(unit)).Where(static line => !line.StartsWith('#'))];

    [GeneratedRegex("/usr/bin/edge-[a-z]+")]
    private static partial Regex InstalledProgram();

    [GeneratedRegex("Unknown key.*'(RestartSteps|RestartMaxDelaySec)'")]
    private static partial Regex Steps();

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+)")]
    private static partial Regex Exposure();
}
