using System.Net;
using System.Text.Json;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.People;

public sealed class AuditTests
{
    [Fact]
    public async Task Each_change_is_in_it_with_who_what_and_how_it_ended_and_so_is_one_that_was_refused()
    {
        await using RunningService service = await Persons.StartAsync();
        await service.AddAsync("anna", "operator");
        HttpClient anna = await service.BrowserAsync("anna");
        Assert.Equal(HttpStatusCode.Forbidden, await anna.PostAsync("api/admin/users/anna/remove", new { }));
        Assert.Equal(HttpStatusCode.NotFound, await service.Http.PostAsync("api/admin/users/nobody/remove", new { }));
        // Reading leaves no trace.
        Assert.Equal(HttpStatusCode.OK, await anna.StatusAsync("api/devices"));

        (string?, string?, int)[] entries = [.. (await service.JsonAsync("api/admin/audit")).GetProperty("entries").EnumerateArray().Select(static each => (
            each.GetProperty("caller").GetString(), each.GetProperty("action").GetString(), each.GetProperty("outcome").GetInt32()))];
        string local = $"token:local@{Environment.MachineName}";
        Assert.Equal(
            [
                (local, "POST /api/admin/users/nobody/remove", 404),
                ("anna", "POST /api/admin/users/anna/remove", 403),
                ("anna", "signed in", 204),
                (local, "POST /api/admin/users", 200),
            ],
            entries);
        JsonElement added = (await service.JsonAsync("api/admin/audit")).GetProperty("entries")[3];
        Assert.Equal("anna, operator", added.GetProperty("note").GetString());
    }

    [Fact]
    public async Task A_strangers_attempts_do_not_fill_it()
    {
        await using RunningService service = await Persons.StartAsync();
        HttpClient stranger = service.Stranger();
        Assert.Equal(HttpStatusCode.Unauthorized, await stranger.PostAsync("api/admin/users", new { }));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.SignInAsync(stranger, "anna", "some password")).StatusCode);

        Assert.Equal(0, (await service.JsonAsync("api/admin/audit")).GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task It_keeps_the_newest_entries_and_finds_those_of_a_device()
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTimeProvider();
        await using var database = new SqliteControlDatabase(folder.Path, IngestionHost.Tables, time);
        var audit = new AuditLog(database, most: 3, time);
        foreach (string device in (string[])["plant-1", "plant-2", "plant-1", "plant-2", "plant-1"])
        {
            audit.End(audit.Begin("anna", "POST /x", null), 200, device, new string('n', 10_000));
        }
        long last = audit.Begin("anna", "POST /y", "plant-2");

        Assert.Equal([6L, 5L, 4L], audit.Newest(null, 10).Select(static entry => entry.Id));
        Assert.Equal([last, 4L], audit.Newest("plant-2", 10).Select(static entry => entry.Id));
        Assert.Null(audit.Newest(null, 1)[0].Outcome);
        Assert.All(audit.Newest("plant-1", 10), static entry => Assert.Equal(300, entry.Note!.Length));
    }
}
