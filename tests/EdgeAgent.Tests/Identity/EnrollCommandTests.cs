using EdgeAgent.Testing;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Uplink.Connecting;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Tests.Identity;

/// <summary>edge-agent enroll and identity show, as they are typed.</summary>
[Collection(CommandLine.Collection)]
public sealed class EnrollCommandTests
{
    [Fact]
    public async Task A_device_is_enrolled_by_hand_and_shows_who_it_is()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        string configuration = Configuration(rig);

        (int exitCode, string output, _) = await Task.Run(() => AgentProgram.Run("identity", "show", "--config", configuration));
        Assert.Equal(1, exitCode);
        Assert.Contains("none: this device is not enrolled", output, StringComparison.Ordinal);

        (exitCode, output, string error) = await Task.Run(() => AgentProgram.Run("enroll", "--config", configuration, "--token", rig.Cloud.Token));
        Assert.True(exitCode == 0, error);
        Assert.Contains("This device is enrolled as pump-7; its certificate is valid until ", output, StringComparison.Ordinal);

        (exitCode, output, _) = await Task.Run(() => AgentProgram.Run("identity", "show", "--config", configuration));
        Assert.Equal(0, exitCode);
        Assert.Contains("certificate      pump-7", output, StringComparison.Ordinal);
        Assert.Contains(rig.Certificate(1).GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_agent_takes_what_was_enrolled_by_hand()
    {
        await using var rig = new IdentityRig { Token = null };
        await rig.StartAsync();
        string configuration = Configuration(rig);
        await rig.Uplink.AppendAsync(1);
        rig.Uplink.Run();

        await Task.Run(() => AgentProgram.Run("enroll", "--config", configuration, "--token", rig.Cloud.Token));

        await Uplink.UplinkRig.WaitForReleaseAsync(rig.Uplink.Live, 1);
    }

    [Fact]
    public async Task A_token_that_is_refused_leaves_the_present_certificate_in_force()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        await rig.EnrolledAsync();

        (int exitCode, _, string error) = await Task.Run(() => AgentProgram.Run("enroll", "--config", Configuration(rig), "--token", "wrong"));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The service does not accept the token: it is unknown, used or expired.", error, StringComparison.Ordinal);
        Assert.Equal(1, rig.Store.Current);
    }

    [Fact]
    public async Task A_service_elsewhere_is_named_with_its_pin()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        await rig.Cloud.StopAsync();
        using X509Certificate2 server = rig.Cloud.Authority.IssueServer();
        await rig.Cloud.StartAsync(tls => tls.ServerCertificate = server);
        string configuration = Configuration(rig, endpoint: "https://localhost:1", authority: "");

        (int exitCode, _, string error) = await Task.Run(() => AgentProgram.Run(
            "enroll", "--config", configuration, "--token", rig.Cloud.Token, "--cloud", rig.Cloud.Endpoint.ToString(), "--pin", PublicKeyPin.Of(server)));

        Assert.True(exitCode == 0, error);
        Assert.Equal(1, rig.Store.Current);
    }

    [Theory]
    [InlineData("--pin", "short", "is not a pin")]
    [InlineData("--cloud", "http://localhost", "is not an address")]
    public async Task What_is_no_pin_and_no_address_is_told_before_anything_is_sent(string option, string value, string told)
    {
        await using var rig = new IdentityRig();

        (int exitCode, _, string error) = await Task.Run(() => AgentProgram.Run("enroll", "--config", Configuration(rig), "--token", "t", option, value));

        Assert.Equal(1, exitCode);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    private static string Configuration(IdentityRig rig, string? endpoint = null, string? authority = null)
    {
        string file = rig.Uplink.Folder["agent.json"];
        string ca = authority ?? $""" "ca": "{rig.Uplink.Folder["root.crt"]}", """;
        File.WriteAllText(file, $$"""
            { "device": { "state": "{{rig.Uplink.Folder["state"]}}" }, "spool": { "path": "{{rig.Uplink.Folder["spool"]}}" }, "clock": { "trust": "always" },
              "cloud": { "endpoint": "{{endpoint ?? rig.Cloud.Endpoint.ToString().TrimEnd('/')}}", {{ca}} "proxy": "none" } }
            """);
        return file;
    }
}
