using System.Net;
using System.Text.Json;
using EdgeAgent.Ingestion.Commands;
using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.Configs;

[Collection(CommandLine.Collection)]
public sealed class ConfigCommandTests
{
    [Fact]
    public async Task The_commands_push_show_compare_and_roll_out_over_the_admin_api()
    {
        using var folder = new TemporaryFolder();
        await using RunningService service = await RunningService.StartAsync();
        await File.WriteAllTextAsync(folder["one.json"], "{ \"batch\": { \"maximumAge\": \"10s\" } // why\n}");
        await File.WriteAllTextAsync(folder["two.json"], """{ "batch": { "maximumAge": "20s" }, "log": null }""");

        Assert.Contains("press-1", Run(service, "group", "add", "presses", "press-1", "press-2"), StringComparison.Ordinal);
        Assert.Contains("Version 1 of group:presses.", Run(service, "config", "push", folder["one.json"], "--group", "presses", "-m", "slower"), StringComparison.Ordinal);
        Run(service, "config", "push", folder["two.json"], "--device", "press-1");
        string shown = Run(service, "config", "show", "--device", "press-1");
        Assert.Contains($"// Revision 2 of press-1, by {RunningService.Author}", shown, StringComparison.Ordinal);
        Assert.Contains("\"maximumAge\": \"20s\"", shown, StringComparison.Ordinal);
        Assert.Contains("unheard", Run(service, "config", "show"), StringComparison.Ordinal);
        Assert.Contains("slower", Run(service, "config", "show", "--layers"), StringComparison.Ordinal);
        Assert.Contains("group:presses@1 device:press-1@1", Run(service, "config", "history", "--device", "press-1"), StringComparison.Ordinal);
        Assert.Equal(
            ["- /batch/maximumAge \"10s\"", "+ /batch/maximumAge \"20s\"", "+ /log null"],
            Run(service, "config", "diff", "group:presses", "press-1@2").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(Run(service, "config", "diff", folder["two.json"], "device:press-1@1"));

        using var answer = JsonDocument.Parse(Run(service, "rollout", "list", "--json"));
        Assert.Equal(2, answer.RootElement.GetProperty("rollouts").GetArrayLength());
        Assert.Contains("group:presses@2", Run(service, "rollout", "withdraw", "1"), StringComparison.Ordinal);
        Assert.Contains("withdrawn", Run(service, "rollout", "show", "1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_service_refuses_is_said_with_its_place()
    {
        using var folder = new TemporaryFolder();
        await using RunningService service = await RunningService.StartAsync();
        await File.WriteAllTextAsync(folder["bad.json"], "{\n  \"identity\": {},\n  \"a\": 1, \"a\": 2\n}");
        (int exitCode, _, string error) = Try(service, "config", "push", folder["bad.json"], "--fleet");
        Assert.Equal(1, exitCode);
        Assert.Contains("2:3: /identity: It belongs to the device's own file.", error, StringComparison.Ordinal);
        Assert.Contains("3:11: /a: The name stands in this object twice.", error, StringComparison.Ordinal);
        (exitCode, _, error) = CommandLine.Run(typeof(ConfigCommand).Assembly, "config", "validate", folder["bad.json"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("bad.json:3:11:", error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(folder["move.json"], """{ "cloud": { "endpoint": "https://elsewhere:1" } }""");
        Assert.Contains("--bootstrap", Try(service, "config", "push", folder["move.json"], "--fleet").Error, StringComparison.Ordinal);
        Assert.Contains("ever asked", Try(service, "config", "push", folder["move.json"], "--fleet", "--bootstrap", "--rollout", "10%").Error, StringComparison.Ordinal);
        Assert.Contains("There is no rollout 9.", Try(service, "rollout", "stop", "9").Error, StringComparison.Ordinal);
        Assert.NotEqual(0, Try(service, "config", "push", folder["move.json"], "--fleet", "--device", "x").ExitCode);
        Assert.NotEqual(0, Try(service, "config", "push", folder["move.json"], "--fleet", "--rollout", "1", "--after", "soon").ExitCode);
    }

    [Fact]
    public async Task A_push_of_ten_megabytes_is_not_even_read()
    {
        await using RunningService service = await RunningService.StartAsync();
        string body = JsonSerializer.Serialize(new PushRequest("fleet", new string(' ', 10 * 1024 * 1024)), ConfigJson.Default.PushRequest);
        using HttpResponseMessage tooLarge = await service.Http.TryPostAsync("push", body);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);

        body = JsonSerializer.Serialize(new PushRequest("fleet", "{" + new string(' ', 256 * 1024) + "}"), ConfigJson.Default.PushRequest);
        using HttpResponseMessage beyond = await service.Http.TryPostAsync("push", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, beyond.StatusCode);
        using HttpResponseMessage noJson = await service.Http.TryPostAsync("push", "{");
        Assert.Equal(HttpStatusCode.BadRequest, noJson.StatusCode);
        using HttpResponseMessage wrongLayer = await service.Http.TryPostAsync("push", """{"layer":"group:a b","document":"{}"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrongLayer.StatusCode);
        Assert.Empty((await service.Http.JsonAsync("api/admin/config/layers")).GetProperty("versions").EnumerateArray());
    }

    private static string Run(RunningService service, params string[] arguments)
    {
        (int exitCode, string output, string error) = Try(service, arguments);
        Assert.True(exitCode == 0, output + error);
        return output;
    }

    private static (int ExitCode, string Output, string Error) Try(RunningService service, params string[] arguments) =>
        CommandLine.Run(typeof(ConfigCommand).Assembly, [.. arguments, .. service.CommandOptions]);
}
