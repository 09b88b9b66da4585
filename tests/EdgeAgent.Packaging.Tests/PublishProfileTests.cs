using System.Text.RegularExpressions;
using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>The script is thin, and the profiles are: whoever publishes by either gets the same.</summary>
public sealed class PublishProfileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string Script = Path.Combine(Places.Repository, "publish.ps1");

    [Fact]
    public void Both_programs_have_the_profiles_that_the_script_offers_and_these_name_their_machine_and_nothing_else()
    {
        string offered = Regex.Match(File.ReadAllText(Script), @"\[ValidateSet\((.*?)\)\] \[string\] \$Rid = 'linux-arm64'").Groups[1].Value;
        string[] rids = [.. offered.Split(", ").Select(static rid => rid.Trim('\'')).Order(StringComparer.Ordinal)];
        Assert.Equal(["linux-arm", "linux-arm64", "linux-musl-arm64", "linux-x64"], rids);
        foreach (string program in (string[])["EdgeAgent", "EdgeAgent.Ingestion"])
        {
            string folder = Path.Combine(Places.Repository, "src", program, "Properties", "PublishProfiles");
            Assert.Equal(rids, Directory.GetFiles(folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
            Assert.All(rids, rid => Assert.Equal(
                $"""
                <Project>
                  <PropertyGroup>
                    <RuntimeIdentifier>{rid}</RuntimeIdentifier>
                  </PropertyGroup>
                  <Import Project="$(RepositoryRoot)deploy/packaging/Publishing.targets" />
                </Project>

                """, File.ReadAllText(Path.Combine(folder, $"{rid}.pubxml"))));
        }
    }

    [InstalledFact("dotnet")]
    public async Task A_feed_without_the_packs_of_a_machine_gets_one_line_that_names_them()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["feed"]);
        var nowhere = new Dictionary<string, string> { ["NUGET_PACKAGES"] = folder["packages"], ["RestoreSources"] = folder["feed"] };
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "dotnet",
            ["msbuild", Path.Combine(Places.Repository, "src", "EdgeAgent"), "-t:FetchPacks", "-p:PublishProfile=linux-arm64", "-p:Configuration=Release", "-nologo", "-v:q"],
            Patience, nowhere);
        Assert.NotEqual(0, exitCode);
        string line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("edge-agent cannot be published for linux-arm64: the package feed does not have", line, StringComparison.Ordinal);
        Assert.Contains("Microsoft.NETCore.App.Runtime.linux-arm64 ", line, StringComparison.Ordinal);
    }

    [InstalledFact("pwsh")]
    public async Task The_script_refuses_a_machine_that_it_does_not_know()
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync("pwsh", ["-NoProfile", "-File", Script, "-Rid", "linux-vax"], Patience);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("linux-musl-arm64", output, StringComparison.Ordinal);
    }
}
