using System.Net;
using System.Text.Json.Nodes;

namespace EdgeAgent.Ingestion.Tests.People;

public sealed class SignInTests
{
    [Fact]
    public async Task Who_signs_in_may_read_until_they_sign_out_and_a_restart_changes_nothing()
    {
        await using RunningService service = await Persons.StartAsync();
        await service.AddAsync("anna", "viewer");
        using HttpClient browser = service.Stranger();
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("api/devices"));

        using HttpResponseMessage answer = await service.SignInAsync(browser, "anna");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("api/devices"));
        Assert.Contains("\"anna\"", await browser.GetStringAsync("api/who"), StringComparison.Ordinal);

        await service.RestartAsync();
        using var again = new HttpClient { BaseAddress = service.Web };
        again.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, await again.StatusAsync("api/devices"));
        again.DefaultRequestHeaders.Add("Origin", service.Web.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.NoContent, await again.PostAsync("api/sign-out", new { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await again.StatusAsync("api/devices"));
    }

    [Fact]
    public async Task A_wrong_password_and_a_name_that_is_not_there_are_answered_alike()
    {
        await using RunningService service = await Persons.StartAsync();
        await service.AddAsync("anna", "viewer");
        var answers = new List<string>();
        foreach (string name in (string[])["anna", "nobody", "not a name\n"])
        {
            using HttpResponseMessage answer = await service.SignInAsync(service.Stranger(), name, "wrong, wrong, wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            JsonObject problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
            problem.Remove("traceId");
            answers.Add(problem.ToJsonString());
        }
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task Passwords_cannot_be_tried_without_end()
    {
        await using RunningService service = await Persons.StartAsync();
        await service.AddAsync("anna", "viewer");
        HttpClient guesser = service.Stranger();
        HttpResponseMessage answer;
        int tries = 0;
        do
        {
            answer = await service.SignInAsync(guesser, "anna", $"guess number {tries}");
        }
        while (answer.StatusCode == HttpStatusCode.Unauthorized && ++tries < 200);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 7);
        // The right one is not looked at either.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await service.SignInAsync(guesser, "anna")).StatusCode);
        // A token needs no password.
        Assert.Equal(HttpStatusCode.OK, await service.Http.StatusAsync("api/devices"));
    }

    [Fact]
    public async Task Another_password_or_removal_ends_every_session_at_once()
    {
        await using RunningService service = await Persons.StartAsync();
        await service.AddAsync("anna", "viewer");
        await service.AddAsync("bert", "viewer");
        HttpClient anna = await service.BrowserAsync("anna"), bert = await service.BrowserAsync("bert");

        Assert.Equal(HttpStatusCode.OK, await service.Http.PostAsync("api/admin/users/anna/password", new { password = "another password" }));
        Assert.Equal(HttpStatusCode.OK, await service.Http.PostAsync("api/admin/users/bert/remove", new { }));

        Assert.Equal(HttpStatusCode.Unauthorized, await anna.StatusAsync("api/devices"));
        Assert.Equal(HttpStatusCode.Unauthorized, await bert.StatusAsync("api/devices"));
        Assert.Equal(HttpStatusCode.NoContent, (await service.SignInAsync(anna, "anna", "another password")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.SignInAsync(bert, "bert")).StatusCode);
    }

    [Fact]
    public async Task Neither_passwords_nor_cookies_nor_tokens_are_in_the_database()
    {
        await using RunningService service = await Persons.StartAsync();
        await service.AddAsync("anna", "viewer");
        using HttpResponseMessage answer = await service.SignInAsync(service.Stranger(), "anna");
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie")).Split('=', ';')[1];
        string token = service.Http.DefaultRequestHeaders.Authorization!.Parameter!;

        byte[] stored = [.. Directory.GetFiles(service.Options.Data, "control.db*").SelectMany(ReadShared)];
        Assert.True(stored.AsSpan().IndexOf("pbkdf2-sha256$"u8) >= 0);
        foreach (string secret in (string[])[Persons.Password, cookie, token])
        {
            Assert.True(stored.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) < 0);
        }
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
