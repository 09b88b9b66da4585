using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>Both programs as they are shipped, from a token to readings in the database: what a trimmer has taken away too much would be missed here.</summary>
public sealed class ShippedTogetherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [PublishedFact]
    public Task A_device_enrols_and_its_readings_are_in_the_database_of_the_service() => RunAsync(postgres: null);

    [PublishedFact(PublishedFactAttribute.Postgres)]
    public async Task A_device_enrols_and_its_readings_are_in_PostgreSQL()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await RunAsync(await server.CreateDatabaseAsync());
    }

    private static async Task RunAsync(string? postgres)
    {
        using var folder = new TemporaryFolder();
        int page = Loopback.FreePort();
        int devices = Loopback.FreePort();
        await File.WriteAllTextAsync(folder["ingestion.json"], JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["listen"] = $"127.0.0.1:{devices}",
            ["web"] = $"127.0.0.1:{page}",
            ["data"] = folder["service"],
            ["postgres"] = postgres is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["connection"] = postgres },
        }));
        await using ForeignProcess service = ForeignProcess.Start(Places.Service, "serve", "--config", folder["ingestion.json"]);
        await Eventually.TrueAsync(
            () => Task.FromResult(service.Output.Contains("Devices connect to", StringComparison.Ordinal)), Patience, () => $"the service starts; it said {service.Output}");

        // What is for programs stands alone on standard output; here both streams come together.
        string token = (await AskAsync("token", "create", "--device", "plant-1")).Split('\n', StringSplitOptions.RemoveEmptyEntries).First(static line => !line.Contains(' '));
        string roots = string.Concat(Regex.Matches(await AskAsync("authority", "show"), "-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", RegexOptions.Singleline));
        await File.WriteAllTextAsync(folder["root.crt"], roots);
        await File.WriteAllTextAsync(folder["agent.json"], $$"""
            {
              "device": { "state": "{{folder["agent"]}}" },
              "cloud": { "endpoint": "https://127.0.0.1:{{devices}}", "ca": "root.crt" },
              "spool": { "path": "{{folder["agent"]}}/spool" },
              "batch": { "maximumAge": "1s" },
              "host": { "series": "gateway", "interval": "1s" },
              "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "bme280", "series": "cabinet/air", "interval": "1s" } ] } ],
            }
            """);
        (int enrolled, string said) = await ForeignProcess.RunAsync(Places.Agent, ["enroll", "--config", folder["agent.json"], "--token", token], Patience);
        Assert.True(enrolled == 0, said);
        await using ForeignProcess agent = ForeignProcess.Start(Places.Agent, "run", "--config", folder["agent.json"]);
        string seen = "";
        await Eventually.TrueAsync(
            async () => (seen = await AskAsync("devices", "--json")).Contains("plant-1", StringComparison.Ordinal) && await HasReadingsAsync(), Patience,
            () => $"readings arrive; devices: {seen}; the agent said {agent.Output}; the service said {service.Output}");

        async Task<string> AskAsync(params string[] command)
        {
            (int exitCode, string output) = await ForeignProcess.RunAsync(
                Places.Service, [.. command, "--server", $"http://127.0.0.1:{page}", "--data", folder["service"]], Patience);
            Assert.True(exitCode == 0, $"{string.Join(' ', command)}: {output}");
            return output;
        }

        async Task<bool> HasReadingsAsync()
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{page}") };
            Assert.Contains("<html", await http.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.OrdinalIgnoreCase);
            string secret = (await File.ReadAllTextAsync(Path.Combine(folder["service"], "admin.token"))).Trim();
            http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", secret);
            using HttpResponseMessage answer = await http.GetAsync(new Uri("/api/series?device=plant-1", UriKind.Relative));
            return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains("cabinet/air", StringComparison.Ordinal);
        }
    }
}
