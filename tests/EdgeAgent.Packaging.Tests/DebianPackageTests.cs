using System.Text;
using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>What Debian's own program reads out of packages that ours has written.</summary>
public sealed class DebianPackageTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Shop _shop = new();
    private readonly TemporaryFolder _folder = new();

    [InstalledFact("dpkg-deb")]
    public async Task Debian_reads_the_package_and_finds_its_fields()
    {
        string package = _shop.Make()[1];
        string fields = await RunAsync("dpkg-deb", "--field", package);
        Assert.Contains("Package: edge-agent\n", fields, StringComparison.Ordinal);
        Assert.Contains("Version: 1.2.3\n", fields, StringComparison.Ordinal);
        Assert.Contains("Architecture: amd64\n", fields, StringComparison.Ordinal);
        Assert.DoesNotContain("{", fields, StringComparison.Ordinal);
        Assert.EndsWith("edge-agent_1.2.3_amd64.deb", package, StringComparison.Ordinal);
    }

    [InstalledFact("dpkg-deb", "dpkg")]
    public async Task What_comes_before_a_release_is_older_than_it()
    {
        string package = _shop.Make("1.2.3-rc.1")[1];
        Assert.Equal("1.2.3~rc.1", (await RunAsync("dpkg-deb", "--field", package, "Version")).Trim());
        Assert.Equal(0, (await ForeignProcess.RunAsync("dpkg", ["--compare-versions", "1.2.3~rc.1", "lt", "1.2.3"], Patience)).ExitCode);
    }

    [InstalledFact("dpkg-deb")]
    public async Task Everything_belongs_to_root_and_nobody_else_may_write_it()
    {
        foreach (string program in (string[])["edge-agent", "edge-ingestion"])
        {
            string[] lines = (await RunAsync("dpkg-deb", "--contents", _shop.Make(program: program)[1])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains(lines, line => line.EndsWith($"./usr/lib/{program}/{program}", StringComparison.Ordinal) && line.StartsWith("-rwxr-xr-x", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.EndsWith($"./usr/bin/{program} -> ../lib/{program}/{program}", StringComparison.Ordinal));
            Assert.All(lines, static line => Assert.Contains(" root/root ", line, StringComparison.Ordinal));
            Assert.All(lines.Where(static line => line[0] != 'l'), static line => Assert.Equal("-", line[5..6]));
            Assert.All(lines.Where(static line => line[0] != 'l'), static line => Assert.Equal("-", line[8..9]));
            Assert.All(lines.Where(static line => line[0] == 'd'), static line => Assert.StartsWith("drwxr-xr-x", line, StringComparison.Ordinal));
        }
    }

    [InstalledFact("dpkg-deb", "md5sum", "sh")]
    public async Task Its_configuration_sums_and_scripts_are_about_the_files_in_it()
    {
        foreach (string program in (string[])["edge-agent", "edge-ingestion"])
        {
            string unpacked = _folder[program];
            await RunAsync("dpkg-deb", "--raw-extract", _shop.Make(program: program)[1], unpacked);
            string[] configuration = await File.ReadAllLinesAsync(Path.Combine(unpacked, "DEBIAN", "conffiles"));
            Assert.Equal([$"/etc/{program}/{(program == "edge-agent" ? "agent" : "ingestion")}.json"], configuration);
            Assert.All(configuration, file => Assert.True(File.Exists(unpacked + file)));
            string check = $"cd '{unpacked}' && md5sum --quiet --check DEBIAN/md5sums";
            Assert.Equal("", await RunAsync("sh", "-c", check));
            foreach (string script in (string[])["postinst", "prerm", "postrm"])
            {
                string path = Path.Combine(unpacked, "DEBIAN", script);
                await RunAsync("sh", "-n", path);
                Assert.DoesNotContain("{", (await File.ReadAllTextAsync(path)).Replace("() {", "", StringComparison.Ordinal).Replace("${", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_same_files_make_the_same_bytes()
    {
        byte[][] first = [.. _shop.Make().Select(File.ReadAllBytes)];
        byte[][] second = [.. _shop.Make().Select(File.ReadAllBytes)];
        Assert.Equal(first[0], second[0]);
        Assert.Equal(first[1], second[1]);
    }

    [Fact]
    public void The_members_of_the_archive_have_the_sizes_and_the_padding_that_the_format_asks_for()
    {
        using var bytes = new MemoryStream();
        ArArchive.Write(bytes, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), ("debian-binary", "2.0\n"u8.ToArray()), ("odd", "abc"u8.ToArray()));
        Assert.Equal(
            "!<arch>\n"
            + "debian-binary   1700000000  0     0     100644  4         `\n2.0\n"
            + "odd             1700000000  0     0     100644  3         `\nabc\n",
            Encoding.ASCII.GetString(bytes.ToArray()));
    }

    [Fact]
    public void Where_Debian_has_no_such_machine_there_is_an_archive_and_no_package()
    {
        IReadOnlyList<string> made = _shop.Make(rid: "linux-musl-arm64");
        Assert.EndsWith("edge-agent-1.2.3-linux-musl-arm64.tar.gz", Assert.Single(made), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _shop.Dispose();
        _folder.Dispose();
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(program, arguments, Patience);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
