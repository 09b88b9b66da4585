using System.Net;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.People;

public sealed class PeopleCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_commands_manage_people_and_tokens_with_the_token_of_the_machine()
    {
        await using RunningService service = await Persons.StartAsync();
        Assert.Equal("anna may sign in as operator.", await RunAsync(service, $"{Persons.Password}\n", "user", "add", "anna", "--role", "operator"));
        HttpClient anna = await service.BrowserAsync("anna");
        Assert.Contains("operator", await RunAsync(service, "", "user", "list"), StringComparison.Ordinal);

        string token = await RunAsync(service, "", "api-token", "create", "export", "--ttl", "90d");
        HttpClient program = service.Stranger();
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, await program.StatusAsync("api/devices"));
        Assert.DoesNotContain(token, await RunAsync(service, "", "api-token", "list"), StringComparison.Ordinal);
        Assert.Equal("The token export is withdrawn.", await RunAsync(service, "", "api-token", "withdraw", "export"));
        Assert.Equal(HttpStatusCode.Unauthorized, await program.StatusAsync("api/devices"));

        await RunAsync(service, "another password\n", "user", "passwd", "anna");
        Assert.Equal(HttpStatusCode.Unauthorized, await anna.StatusAsync("api/devices"));
        Assert.Equal("There is no user bert.", await RunAsync(service, "", "user", "remove", "bert"));
        Assert.Contains("refused (404)", await RunAsync(service, "", "audit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_person_can_be_added_while_the_service_is_down()
    {
        using var folder = new TemporaryFolder();
        string[] add = ["user", "add", "anna", "--role", "admin", "--offline", "--data", folder["data"]];
        Assert.Equal("anna may sign in as admin.", await RunAsync($"{Persons.Password}\n", add));
        Assert.Equal("There is a user anna already.", await RunAsync($"{Persons.Password}\n", add));

        await using RunningService service = await Persons.StartAsync(options => options.Data = folder["data"]);
        Assert.Equal(HttpStatusCode.OK, await (await service.BrowserAsync("anna")).StatusAsync("api/admin/users"));
    }

    [Fact]
    public async Task Without_a_token_or_a_service_a_command_says_so()
    {
        await using RunningService service = await Persons.StartAsync();
        using var empty = new TemporaryFolder();
        Assert.Contains("send a token", await RunAsync("", "user", "list", "--server", service.Web.ToString(), "--data", empty.Path), StringComparison.Ordinal);
        Assert.Contains("There is no token", await RunAsync("", "user", "list", "--token-file", empty["none"]), StringComparison.Ordinal);
        Assert.Contains("refused", await RunAsync("", "user", "list", "--server", $"http://127.0.0.1:{Loopback.FreePort()}"), StringComparison.Ordinal);
    }

    private static Task<string> RunAsync(RunningService service, string input, params string[] arguments) => RunAsync(input, [.. arguments, .. service.CommandOptions]);

    /// <returns>What it printed, on both streams.</returns>
    private static async Task<string> RunAsync(string input, params string[] arguments)
    {
        await using ForeignProcess command = ForeignProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-ingestion.dll"), .. arguments]);
        await command.StandardInput.WriteAsync(input);
        command.StandardInput.Close();
        await command.WaitForExitAsync(Patience);
        return command.Output.Trim();
    }
}
