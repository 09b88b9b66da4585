using System.Text;
using EdgeAgent.Doctor;
using EdgeAgent.Doctor.Bundle;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Doctor;

/// <summary>A bundle of a device with secrets everywhere, unpacked by a program that nobody here wrote.</summary>
public sealed class SupportBundleTests
{
    private const string Password = "Correct-Horse-1", ProxyPassword = "Battery&Staple-2", Token = "eat_Token-3-aGVsbG8", EnvironmentPassword = "Purple/Monkey+4",
        UrlPassword = "Dish%20washer-5", UnitPassword = "Unit-Secret-6", FilePassword = "From-A-File-7", IntakePassword = "Intake-Secret-8";

    private const string Variable = "EDGE_AGENT_TEST_BROKER_PASSWORD";

    [Fact]
    public async Task A_bundle_holds_no_secret_in_any_form_and_is_its_owners_alone()
    {
        Environment.SetEnvironmentVariable(Variable, EnvironmentPassword);
        using var examined = new Examined();
        File.WriteAllText(examined.Folder["broker-password"], FilePassword + "\n");
        string sections = $$"""
            "mqtt": [
              { "broker": "mqtts://one.example:8883", "username": "me", "password": { "value": "{{Password}}" }, "subscribe": [ { "topic": "t", "series": "t" } ] },
              { "broker": "mqtts://two.example:8883", "username": "me", "password": { "environment": "{{Variable}}" }, "subscribe": [ { "topic": "u", "series": "u" } ] },
              { "broker": "mqtts://three.example:8883", "username": "me", "password": { "file": "broker-password" }, "subscribe": [ { "topic": "w", "series": "w" } ] },
              { "listen": "mqtt://127.0.0.1:1883", "users": [ { "name": "dev", "password": { "value": "{{IntakePassword}}" } } ], "rules": [ { "topic": "v", "series": "v" } ] } ]
            """;
        string everything = string.Join('\n', Planted().Select((secret, index) => $"line {index} says {secret} and {Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{secret}"))}"));
        string unit = $"{Examined.SoundUnit}\nEnvironment=WIFI={UnitPassword} DOTNET_GCHeapHardLimit=0x2000000";
        ExaminedDevice device = examined.Device(
            sections, unit, call => call.StartsWith("journalctl", StringComparison.Ordinal) ? everything
                : call.StartsWith("systemctl cat", StringComparison.Ordinal) ? $"[Service]\nEnvironment=WIFI={UnitPassword}\nEnvironment=\"OTHER={Token}\"\n" : $"{call}\n{everything}",
            name => name == "https_proxy" ? $"http://proxyuser:{Uri.EscapeDataString(ProxyPassword)}@proxy.example:3128" : name == Variable ? EnvironmentPassword : null);
        CheckReport[] reports = [new("proxy", [Diagnosis.Fail("", $"It did not take http://me:{UrlPassword}@proxy.example", $"--token {Token}")])];
        string file = examined.Folder["bundle.tar.gz"];

        await SupportBundle.WriteAsync(file, device, reports, CancellationToken.None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        (int exitCode, string output) = await ForeignProcess.RunAsync("tar", ["-xzf", file, "-C", examined.Folder.Path], TimeSpan.FromMinutes(1));
        Assert.True(exitCode == 0, output);
        string[] files = Directory.GetFiles(examined.Folder["edge-agent-support"]);
        Assert.Equal(
            ["certificate.pem", "configuration.json", "disk.txt", "doctor.json", "doctor.txt", "journal.txt", "kernel.txt", "network.txt", "revisions.json", "spool.json", "status.json",
             "unit.txt", "version.txt"],
            files.Select(Path.GetFileName).Order());
        string all = string.Concat(files.Select(File.ReadAllText));
        foreach (string secret in Planted().Concat([Token, UrlPassword, Uri.UnescapeDataString(UrlPassword)]))
        {
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(secret), all, StringComparison.Ordinal);
            // The inner part of each of the three ways in which it may lie in base64.
            for (int before = 0; before < 3; before++)
            {
                string whole = Convert.ToBase64String([.. new byte[before], .. Encoding.UTF8.GetBytes(secret)]);
                Assert.DoesNotContain(whole[4..^6], all, StringComparison.Ordinal);
            }
        }
        string key = File.ReadAllText(examined.Folder["device.key"]).Split('\n')[1];
        Assert.DoesNotContain(key, all, StringComparison.Ordinal);
        // What it is for is there all the same.
        Assert.Contains("two.example", all, StringComparison.Ordinal);
        Assert.Contains("urn:edge-agent", Encoding.ASCII.GetString(CertificateBytes(files)), StringComparison.Ordinal);
        Assert.Contains("line 0 says", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_is_made_of_a_device_that_has_nothing_and_says_why_each_part_is_missing()
    {
        using var folder = new TemporaryFolder();
        var device = new ExaminedDevice(folder["agent.json"], null, []) { Programs = static (_, _, _) => Task.FromResult<string?>(null), Environment = static _ => null };

        await SupportBundle.WriteAsync(folder["bundle.tar.gz"], device, [], CancellationToken.None);

        (int exitCode, string output) = await ForeignProcess.RunAsync("tar", ["-xzf", folder["bundle.tar.gz"], "-C", folder.Path], TimeSpan.FromMinutes(1));
        Assert.True(exitCode == 0, output);
        Assert.Contains("Not available", File.ReadAllText(folder["edge-agent-support/status.json"]), StringComparison.Ordinal);
        Assert.Contains("no answer", File.ReadAllText(folder["edge-agent-support/journal.txt"]), StringComparison.Ordinal);
    }

    /// <summary>Those that the device is known to have, which are everywhere; the others are only where they are known by their place.</summary>
    private static string[] Planted() => [Password, ProxyPassword, EnvironmentPassword, UnitPassword, FilePassword, IntakePassword];

    private static byte[] CertificateBytes(string[] files)
    {
        string pem = File.ReadAllText(files.Single(file => file.EndsWith("certificate.pem", StringComparison.Ordinal)));
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem);
        return certificate.RawData;
    }
}
