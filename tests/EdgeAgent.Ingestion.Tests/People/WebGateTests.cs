using System.Net;
using System.Net.Http.Json;
using EdgeAgent.Ingestion.People;

namespace EdgeAgent.Ingestion.Tests.People;

public sealed class WebGateTests
{
    private static readonly string[] Read = ["api/devices", "api/series", "api/silent", "api/readings?series=1", "api/gaps", "api/losses", "api/summary", "api/live", "api/nothing"];
    private static readonly string[] AdminRead = ["api/admin/whoami", "api/admin/audit", "api/admin/users", "API/Admin/users", "api/admin/nothing"];

    [Fact]
    public async Task A_stranger_gets_the_page_and_health_and_nothing_else()
    {
        await using RunningService service = await Persons.StartAsync();
        HttpClient stranger = service.Stranger();
        foreach (string path in (string[])["", "page.js", "page.css", "healthz", "api/who"])
        {
            Assert.Equal(HttpStatusCode.OK, await stranger.StatusAsync(path));
        }
        foreach (string path in (string[])[.. Read, .. AdminRead])
        {
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await stranger.StatusAsync(path)));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await stranger.PostAsync("api/admin/users", new { name = "eve", role = "admin", password = Persons.Password }));
    }

    [Fact]
    public async Task Where_reading_is_open_the_admin_api_and_every_change_still_ask_who_it_is()
    {
        await using RunningService service = await RunningService.StartAsync();
        HttpClient stranger = service.Stranger();
        Assert.Equal(HttpStatusCode.OK, await stranger.StatusAsync("api/devices"));
        foreach (string path in AdminRead)
        {
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await stranger.StatusAsync(path)));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await stranger.PostAsync("api/devices", new { }));
    }

    [Theory]
    [InlineData("viewer", HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("operator", HttpStatusCode.OK, HttpStatusCode.MethodNotAllowed, HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.OK, HttpStatusCode.MethodNotAllowed, HttpStatusCode.OK)]
    public async Task Each_role_may_what_it_is_for(string role, HttpStatusCode reading, HttpStatusCode changing, HttpStatusCode people)
    {
        await using RunningService service = await Persons.StartAsync();
        using HttpResponseMessage made = await service.Http.PostAsJsonAsync("api/admin/api-tokens", new { name = "program", role });
        NewToken token = (await made.Content.ReadFromJsonAsync<NewToken>())!;
        HttpClient program = service.Stranger();
        program.DefaultRequestHeaders.Authorization = new("Bearer", token.Token);

        Assert.Equal(reading, await program.StatusAsync("api/devices"));
        Assert.Equal(reading, await program.StatusAsync("api/admin/audit"));
        // There is nothing to change at that path: who may change things at all gets so far as to be told.
        Assert.Equal(changing, await program.PostAsync("api/admin/audit", new { }));
        Assert.Equal(people, await program.StatusAsync("api/admin/users"));
        Assert.Equal(people, await program.StatusAsync("api/admin/api-tokens"));
        Assert.Equal(people, await program.PostAsync("api/admin/users", new { name = "eve", role = "viewer", password = Persons.Password }));
        Assert.Equal("token:program", await program.GetStringAsync("api/admin/whoami"));
    }

    [Fact]
    public async Task A_token_works_until_it_is_withdrawn_and_no_other_text_does()
    {
        await using RunningService service = await Persons.StartAsync();
        using HttpResponseMessage made = await service.Http.PostAsJsonAsync("api/admin/api-tokens", new { name = "program", role = "viewer" });
        string token = (await made.Content.ReadFromJsonAsync<NewToken>())!.Token;
        HttpClient program = service.Stranger();
        foreach (string wrong in (string[])["Bearer", "Bearer edgeadmin_", $"Basic {token}", $"Bearer {token}x", $"Bearer {Convert.ToHexString(Secret.Hash(token))}"])
        {
            program.DefaultRequestHeaders.Remove("Authorization");
            program.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", wrong);
            Assert.Equal(HttpStatusCode.Unauthorized, await program.StatusAsync("api/devices"));
        }
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, await program.StatusAsync("api/devices"));

        Assert.Equal(HttpStatusCode.OK, await service.Http.PostAsync("api/admin/api-tokens/program/withdraw", new { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await program.StatusAsync("api/devices"));
    }

    [Fact]
    public async Task A_request_for_another_name_is_refused_and_one_for_a_name_of_the_page_is_not()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.WebAccess.Hosts = ["edge.example"]);
        foreach ((string host, HttpStatusCode expected) in ((string, HttpStatusCode)[])
            [("attacker.example", HttpStatusCode.MisdirectedRequest), ("localhost.attacker.example:80", HttpStatusCode.MisdirectedRequest),
            ("edge.example", HttpStatusCode.OK), ("EDGE.example:8080", HttpStatusCode.OK), ("localhost", HttpStatusCode.OK), ("[::1]:80", HttpStatusCode.OK)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/devices") { Headers = { Host = host } };
            using HttpResponseMessage answer = await service.Http.SendAsync(request);
            Assert.Equal((host, expected), (host, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Another_sites_page_changes_nothing_with_the_cookie_of_whoever_looks_at_it()
    {
        await using RunningService service = await Persons.StartAsync();
        await service.AddAsync("anna", "admin");
        HttpClient browser = await service.BrowserAsync("anna");
        var form = new { name = "eve", role = "admin", password = Persons.Password };
        foreach (string? origin in (string?[])["http://attacker.example", "null", "http://127.0.0.1:1", null])
        {
            browser.DefaultRequestHeaders.Remove("Origin");
            if (origin is not null)
            {
                browser.DefaultRequestHeaders.Add("Origin", origin);
            }
            Assert.Equal(HttpStatusCode.Forbidden, await browser.PostAsync("api/admin/users", form));
        }
        browser.DefaultRequestHeaders.Remove("Origin");
        browser.DefaultRequestHeaders.Add("Origin", service.Web.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, await browser.PostAsync("api/admin/users", form));
    }

    [Fact]
    public async Task Under_tls_the_cookie_is_for_tls_only_and_bound_to_the_host()
    {
        await using RunningService service = await Persons.StartAsync(options => options.WebAccess.BehindProxy = true);
        await service.AddAsync("anna", "viewer");
        using HttpResponseMessage answer = await service.SignInAsync(service.Stranger(), "anna");
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-edge-session=", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/;", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_administrators_token_of_the_machine_is_for_its_owner_alone_and_is_made_again_when_it_is_gone()
    {
        await using RunningService service = await Persons.StartAsync();
        string path = LocalToken.PathIn(service.Options.Data);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        string first = await File.ReadAllTextAsync(path);

        await service.RestartAsync();
        Assert.Equal(first, await File.ReadAllTextAsync(path));

        File.Delete(path);
        await service.RestartAsync();
        Assert.NotEqual(first, await File.ReadAllTextAsync(path));
        Assert.Equal(HttpStatusCode.OK, await service.Http.StatusAsync("api/admin/users"));
        HttpClient old = service.Stranger();
        old.DefaultRequestHeaders.Authorization = new("Bearer", first.Trim());
        Assert.Equal(HttpStatusCode.Unauthorized, await old.StatusAsync("api/devices"));
    }

    private sealed record NewToken(string Name, string Token);
}
