using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Testing;
using static EdgeAgent.Ingestion.Tests.Identity.EnrollingService;

namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>The commands, as programs, against a running service.</summary>
public sealed class IdentityCommandTests
{
    [Fact]
    public async Task Tokens_devices_and_authorities_are_seen_and_changed_from_the_command_line()
    {
        await using EnrollingService service = await StartAsync();

        string token = Assert.Single((await RunAsync(service, "token", "create", "--device", "plant-1", "--ttl", "2h")).Split('\n'), line => line.StartsWith("edge-enrol-", StringComparison.Ordinal));
        using var key = NewKey();
        await service.EnrolAsync(token.Trim(), Request(key));

        Assert.Contains("used", await RunAsync(service, "token", "list"), StringComparison.Ordinal);
        Assert.Contains("plant-1 is revoked", await RunAsync(service, "device", "plant-1", "revoke", "--reason", "Stolen."), StringComparison.Ordinal);
        Assert.Contains("Stolen.", await RunAsync(service, "devices"), StringComparison.Ordinal);
        // The other stream has a sentence, which may come between two lines of the certificate.
        IEnumerable<string> pem = (await RunAsync(service, "authority", "show")).Split('\n').Where(line => line.StartsWith('-') || !line.Contains(' ', StringComparison.Ordinal));
        using X509Certificate2 shown = X509Certificate2.CreateFromPem(string.Join('\n', pem)), root = service.Root();
        Assert.Equal(root.RawData, shown.RawData);
    }

    [Fact]
    public async Task A_service_that_refuses_or_is_not_there_is_a_failure_in_words()
    {
        await using EnrollingService service = await StartAsync();
        (int refused, string why) = await ProgramAsync(["token", "withdraw", "7", .. service.CommandOptions]);
        Assert.Equal(1, refused);
        Assert.Contains("There is no token 7", why, StringComparison.Ordinal);
        (int missing, _) = await ProgramAsync("devices", "--server", $"http://127.0.0.1:{Loopback.FreePort()}");
        Assert.Equal(1, missing);
    }

    private static async Task<string> RunAsync(EnrollingService service, params string[] arguments)
    {
        (int exitCode, string output) = await ProgramAsync([.. arguments, .. service.CommandOptions]);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static Task<(int ExitCode, string Output)> ProgramAsync(params string[] arguments) => ForeignProcess.RunAsync(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-ingestion.dll"), .. arguments], TimeSpan.FromSeconds(60));
}
