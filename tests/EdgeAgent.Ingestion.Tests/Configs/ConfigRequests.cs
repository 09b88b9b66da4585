using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Tests.Configs;

/// <summary>Requests to the configuration API, as a program makes them.</summary>
internal static class ConfigRequests
{
    private const string Prefix = "api/admin/config/";

    public static Task<JsonElement> PushAsync(this RunningService service, string layer, string document) => service.Http.PushAsync(layer, document);

    public static Task<JsonElement> PushAsync(this HttpClient http, string layer, string document) =>
        http.PostAsync("push", JsonSerializer.Serialize(new PushRequest(layer, document), ConfigJson.Default.PushRequest));

    public static Task<JsonElement> PostAsync(this RunningService service, string path, string body) => service.Http.PostAsync(path, body);

    public static async Task<HttpResponseMessage> TryPostAsync(this HttpClient http, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Prefix + path, UriKind.Relative));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.ExpectContinue = true;
        return await http.SendAsync(request);
    }

    public static Task<JsonElement> JsonAsync(this HttpClient http, string path) => http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private static async Task<JsonElement> PostAsync(this HttpClient http, string path, string body)
    {
        using HttpResponseMessage response = await http.TryPostAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
