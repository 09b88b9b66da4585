using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>The archives and packages that a publish has made of the real programs.</summary>
public sealed class PublishedPackageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [PublishedFact("dpkg-deb", "sha256sum", "tar")]
    public async Task The_sums_are_those_of_the_files_inside_the_archive_and_out()
    {
        using var folder = new TemporaryFolder();
        foreach (string program in (string[])["edge-agent", "edge-ingestion"])
        {
            string archive = Places.Archive(program)!;
            await RunAsync("sh", "-c", $"cd '{Path.GetDirectoryName(archive)}' && sha256sum --quiet --check SHA256SUMS");
            await RunAsync("tar", "--extract", "--file", archive, "--directory", folder.Path);
            await RunAsync("sh", "-c", $"cd '{folder.Path}'/{program}-* && sha256sum --quiet --check SHA256SUMS && test $(wc -l <SHA256SUMS) = $(find . -type f -not -name SHA256SUMS | wc -l)");
        }
    }

    [PublishedFact("dpkg-deb")]
    public async Task The_licences_of_what_is_in_a_program_are_in_its_package()
    {
        using var folder = new TemporaryFolder();
        foreach ((string program, string[] packages) in ((string, string[])[])
        [
            ("edge-agent", ["Google.Protobuf", "Microsoft.Extensions.Hosting", "Microsoft.NETCore.App.Runtime.linux-x64", "System.CommandLine"]),
            ("edge-ingestion", ["Google.Protobuf", "Microsoft.AspNetCore.App.Runtime.linux-x64", "Microsoft.IdentityModel.JsonWebTokens", "Npgsql", "SQLitePCLRaw.lib.e_sqlite3"]),
        ])
        {
            await RunAsync("dpkg-deb", "--extract", Places.Package(program)!, folder[program]);
            string notices = await File.ReadAllTextAsync(Path.Combine(folder[program], "usr/share/doc", program, "THIRD-PARTY-NOTICES"));
            Assert.All(packages, package => Assert.Contains($"\n{package} ", notices, StringComparison.Ordinal));
            Assert.DoesNotContain("Grpc.Tools", notices, StringComparison.Ordinal);
            Assert.DoesNotContain("ILLink", notices, StringComparison.Ordinal);
        }
    }

    [PublishedFact(PublishedFactAttribute.System)]
    public async Task The_real_packages_are_installed_and_their_programs_run()
    {
        (int exitCode, string output) = await ThrowawaySystem.RunAsync("""
            dpkg --install /packages/*.deb >/dev/null
            edge-agent config check
            edge-agent version
            edge-ingestion --help
            """, Places.Package("edge-agent")!, Places.Package("edge-ingestion")!);
        Assert.True(exitCode == 0, output);
        Assert.Contains("edge-agent ", output, StringComparison.Ordinal);
        Assert.Contains("dev-ca", output, StringComparison.Ordinal);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(program, arguments, Patience);
        Assert.True(exitCode == 0, output);
    }
}
