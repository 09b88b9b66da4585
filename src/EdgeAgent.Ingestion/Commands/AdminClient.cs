using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>What the commands that change something speak through: the admin API of a running service, so that there is one way in, and one audit.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly Option<string> Server = new("--server")
    {
        Description = "The page's address of the service.",
        DefaultValueFactory = static _ => "http://127.0.0.1:8080",
        Recursive = true,
    };

    private readonly HttpClient _http;

    private AdminClient(HttpClient http) => _http = http;

    /// <summary>Gives a command, and those under it, the options that say where the service is and who is asking.</summary>
    public static Command WithOptions(Command command)
    {
        command.Options.Add(Server);
        return command;
    }

    public static AdminClient Create(ParseResult parsed)
    {
        var http = new HttpClient { BaseAddress = new Uri(parsed.GetValue(Server)!) };
        // What is too large is refused with a sentence before it is sent, and not with a broken connection in the middle.
        http.DefaultRequestHeaders.ExpectContinue = true;
        return new AdminClient(http);
    }

    /// <param name="path">Under /api/admin, without a slash before it.</param>
    /// <param name="answer">How the answer is read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">The service cannot be had, or refused; the message says why, for people.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"{AdminApi.Prefix}/{path}", UriKind.Relative), cancellationToken);
        return await ReadAsync(response, answer, cancellationToken);
    }

    /// <inheritdoc cref="GetAsync"/>
    public async Task<TAnswer> PostAsync<TRequest, TAnswer>(
        string path, TRequest request, JsonTypeInfo<TRequest> form, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(
            new Uri($"{AdminApi.Prefix}/{path}", UriKind.Relative), request, form, cancellationToken);
        return await ReadAsync(response, answer, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(await response.Content.ReadAsStringAsync(cancellationToken), null, response.StatusCode);
        }
        return await response.Content.ReadFromJsonAsync(answer, cancellationToken)
            ?? throw new HttpRequestException("The service answered nothing.", null, response.StatusCode);
    }
}
