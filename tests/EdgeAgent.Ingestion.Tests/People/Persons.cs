using System.Net;
using System.Net.Http.Json;
using EdgeAgent.Ingestion.Hosting;

namespace EdgeAgent.Ingestion.Tests.People;

/// <summary>What the tests of people do to a service.</summary>
internal static class Persons
{
    public const string Password = "correct horse battery";

    /// <summary>A service that shows nothing to those it does not know.</summary>
    public static Task<RunningService> StartAsync(Action<IngestionOptions>? configure = null) => RunningService.StartAsync(options =>
    {
        options.WebAccess.Reading = WebReading.SignedIn;
        configure?.Invoke(options);
    });

    public static async Task AddAsync(this RunningService service, string name, string role) =>
        Assert.Equal(HttpStatusCode.OK, await service.Http.PostAsync("api/admin/users", new { name, role, password = Password }));

    /// <summary>Signs in as the page does.</summary>
    public static async Task<HttpResponseMessage> SignInAsync(this RunningService service, HttpClient browser, string name, string password = Password)
    {
        browser.DefaultRequestHeaders.Remove("Origin");
        browser.DefaultRequestHeaders.Add("Origin", service.Web.GetLeftPart(UriPartial.Authority));
        return await browser.PostAsJsonAsync("api/sign-in", new { name, password });
    }

    /// <summary>A browser that is signed in.</summary>
    public static async Task<HttpClient> BrowserAsync(this RunningService service, string name)
    {
        HttpClient browser = service.Stranger();
        using HttpResponseMessage answer = await service.SignInAsync(browser, name);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return browser;
    }

    public static async Task<HttpStatusCode> PostAsync(this HttpClient client, string path, object form)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync(path, form);
        return answer.StatusCode;
    }

    public static async Task<HttpStatusCode> StatusAsync(this HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(path);
        return answer.StatusCode;
    }
}
