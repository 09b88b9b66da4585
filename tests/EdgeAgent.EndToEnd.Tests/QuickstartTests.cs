using System.Text.Json;
using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The README's first command, as a process.</summary>
public sealed class QuickstartTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Fact]
    public Task The_quickstart_stores_everything_that_devices_publish_to_the_agent_exactly_once() => RunAsync();

    [InstalledFact("mosquitto")]
    public Task The_quickstart_stores_everything_that_devices_publish_through_mosquitto_exactly_once() => RunAsync("--broker", "mosquitto");

    [Fact]
    public async Task The_quickstart_tells_what_is_wrong_with_its_options()
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync("dotnet", [Program, "--for", "soon", "--speed", "-3"], Enough);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("'soon' is not a duration", output, StringComparison.Ordinal);
        Assert.Contains("--speed takes a number above 0", output, StringComparison.Ordinal);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Quickstart.dll");

    private static async Task RunAsync(params string[] options)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync("dotnet", [Program, "--for", "4s", "--json", "--speed", "3000", .. options], Enough);

        Assert.True(exitCode == 0, output);
        JsonElement result = JsonDocument.Parse(output).RootElement;
        long published = result.GetProperty("published").GetInt64();
        Assert.True(published > 100, output);
        Assert.Equal(0, result.GetProperty("missing").GetInt64());
        Assert.Equal(0, result.GetProperty("duplicates").GetInt64());
        Assert.Equal(0, result.GetProperty("unaccounted").GetInt64());
        Assert.True(result.GetProperty("read").GetInt64() > published, "The simulated sensor was read too.");
        Assert.Equal(result.GetProperty("read").GetInt64(), result.GetProperty("stored").GetInt64());
        Assert.True(result.GetProperty("wire_bytes").GetInt64() > 0, output);
    }
}
