using System.Security.Cryptography;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Updates;

namespace EdgeAgent.Tests.Updates;

/// <summary><c>edge-agent update …</c>, through the program's entry point.</summary>
[Collection(CommandLine.Collection)]
public sealed class UpdateCommandTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_update_made_with_keygen_and_sign_is_taken_and_shown()
    {
        using var device = new InstalledDevice();
        string key = Path.Combine(device.Root, "second"), update = Path.Combine(device.Root, "made.update"), program = Path.Combine(device.Root, "program");
        File.WriteAllText(program, InstalledDevice.Script("0.4.0"));
        Run(0, "keygen", key);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key + ".key"));
        Run(0, "sign", "--program", program, "--version-is", "0.4.0", "--key", key + ".key", "-o", update);
        Assert.Equal(RefusalCause.NotTrusted, (await device.OrderAsync(update))?.Cause);
        File.Copy(key + ".pem", Path.Combine(device.Paths.Keys, "second.pem"));

        Assert.Contains("next start", Run(0, "--from", update, "--no-restart", "--root", device.Root), StringComparison.Ordinal);
        Assert.Contains("0.4.0, by an update", Run(0, "status", "--root", device.Root), StringComparison.Ordinal);
        Assert.Contains("0.4.0", Run(1, "--from", update, "--no-restart", "--root", device.Root), StringComparison.Ordinal);
        Assert.Contains("Back from version 0.4.0", Run(0, "--rollback", "--no-restart", "--root", device.Root), StringComparison.Ordinal);
        Assert.Contains("0.3.0, of the package", Run(0, "status", "--root", device.Root), StringComparison.Ordinal);
        Run(1, "--from", update, "--rollback");
    }

    [InstalledFact("openssl", "tar", "gzip")]
    public async Task An_update_made_with_openssl_tar_and_gzip_is_taken()
    {
        using var device = new InstalledDevice();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["edge-agent"], InstalledDevice.Script("0.4.0"));
        File.WriteAllText(folder["manifest.json"], Run(0, "manifest", "--program", folder["edge-agent"], "--version-is", "0.4.0"));
        string script = $"""
            set -e
            cd {folder.Path}
            openssl ecparam -name prime256v1 -genkey -noout -out release.key
            openssl ec -in release.key -pubout -out {device.Paths.Keys}/openssl.pem
            openssl dgst -sha256 -sign release.key -out manifest.sig manifest.json
            gzip -9 -n edge-agent
            tar --format=ustar -cf 0.4.0.update manifest.json manifest.sig edge-agent.gz
            """;
        (int exitCode, string output) = await ForeignProcess.RunAsync("sh", ["-c", script], Enough);
        Assert.True(exitCode == 0, output);
        Assert.Null(await device.OrderAsync(folder["0.4.0.update"]));
    }

    [Fact]
    public void Wait_ends_with_the_first_receipt_of_the_version_that_is_meant_or_says_what_lacks()
    {
        using var device = new InstalledDevice();
        Assert.Contains("Nothing answers", Run(1, "wait", "--timeout", "1s", "--root", device.Root), StringComparison.Ordinal);
        device.Status.Version = static () => "0.4.0";
        Assert.Contains("Version 0.4.0 runs", Run(0, "wait", "--timeout", "1m", "--root", device.Root), StringComparison.Ordinal);
        Assert.Contains("not the one", Run(1, "wait", "--timeout", "1s", "--version-is", "0.5.0", "--root", device.Root), StringComparison.Ordinal);
        device.Status.AcknowledgedSecondsAgo = null;
        Assert.Contains("confirmed nothing", Run(1, "wait", "--timeout", "1s", "--root", device.Root), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_kind_signs_nothing()
    {
        using var device = new InstalledDevice();
        using var rsa = RSA.Create(2048);
        File.WriteAllText(Path.Combine(device.Paths.Keys, "release.pem"), rsa.ExportSubjectPublicKeyInfoPem());
        Assert.Equal(RefusalCause.NotTrusted, UpdateBundle.Open(device.Bundle("0.4.0"), device.Paths.Keys, out _)?.Cause);
    }

    private static string Run(int expected, params string[] arguments)
    {
        (int exitCode, string output, string error) = AgentProgram.Run(["update", .. arguments]);
        Assert.True(exitCode == expected, $"{exitCode}: {output}{error}");
        return output + error;
    }
}
