using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>
/// What the commands that change something speak through: the admin API of a running service, so that there is one way in, and one audit. Who is asking is proven by a token:
/// that of <c>--token-file</c>, else of the environment, else the one that the service on this machine has written beside its database.
/// </summary>
internal sealed class AdminClient : IDisposable
{
    public const string TokenVariable = "EDGE_INGESTION_TOKEN";

    private static readonly Option<string> Server = new("--server")
    {
        Description = "The page's address of the service.",
        DefaultValueFactory = static _ => "http://127.0.0.1:8080",
        Recursive = true,
    };

    private static readonly Option<string?> Authority = new("--ca")
    {
        Description = "PEM file with the authority of the page's certificate. Default: those of the system.",
        Recursive = true,
    };

    private static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = $"File with the API token to show. Default: the variable {TokenVariable}, else {LocalToken.FileName} in the data folder.",
        Recursive = true,
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Folder of the service's database on this machine. Default: that of the installed configuration.",
        Recursive = true,
    };

    private readonly HttpClient _http;

    private AdminClient(HttpClient http) => _http = http;

    /// <summary>Gives a command, and those under it, the options that say where the service is and who is asking.</summary>
    public static Command WithOptions(Command command)
    {
        foreach (Option option in (Option[])[Server, Authority, TokenFile, Data])
        {
            command.Options.Add(option);
        }
        return command;
    }

    /// <exception cref="HttpRequestException">The options cannot be used; the message says why, for people.</exception>
    public static AdminClient Create(ParseResult parsed)
    {
        if (!Uri.TryCreate(parsed.GetValue(Server), UriKind.Absolute, out Uri? server))
        {
            throw new HttpRequestException($"--server is \"{parsed.GetValue(Server)}\". Write http://HOST:PORT or https://HOST:PORT.");
        }
        var http = new HttpClient(Handler(server, parsed.GetValue(Authority))) { BaseAddress = server };
        // What is too large is refused with a sentence before it is sent, and not with a broken connection in the middle.
        http.DefaultRequestHeaders.ExpectContinue = true;
        if (Token(parsed) is { } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        return new AdminClient(http);
    }

    /// <summary>The folder of the service's database on this machine.</summary>
    public static string DataFolder(ParseResult parsed)
    {
        var options = new IngestionOptions();
        if (parsed.GetValue(Data) is { } folder)
        {
            return folder;
        }
        // What is wrong with the file is told by the service; here its default will do.
        ConfigurationFile.ReadInstalled(null, options, []);
        return options.Data;
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

    private static string? Token(ParseResult parsed) => parsed.GetValue(TokenFile) is { } file
        ? LocalToken.Read(file) ?? throw new HttpRequestException($"There is no token to be read in {file}.")
        : Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } variable ? variable
        : LocalToken.Read(LocalToken.PathIn(DataFolder(parsed)));

    private static SocketsHttpHandler Handler(Uri server, string? authority)
    {
        // On this machine there is no proxy to pass, and none should see the token.
        var handler = new SocketsHttpHandler { UseProxy = !server.IsLoopback };
        if (authority is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            try
            {
                policy.CustomTrustStore.ImportFromPemFile(authority);
            }
            catch (CryptographicException failure)
            {
                throw new HttpRequestException($"{authority} holds no certificate: {failure.Message}", failure);
            }
            handler.SslOptions.CertificateChainPolicy = policy;
        }
        return handler;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(Detail(await response.Content.ReadAsStringAsync(cancellationToken)), null, response.StatusCode);
        }
        return await response.Content.ReadFromJsonAsync(answer, cancellationToken)
            ?? throw new HttpRequestException("The service answered nothing.", null, response.StatusCode);
    }

    /// <summary>The sentence for people in problem details (RFC 9457); where it is none, the answer as it is.</summary>
    private static string Detail(string answer)
    {
        try
        {
            using JsonDocument problem = JsonDocument.Parse(answer);
            return problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("detail", out JsonElement detail)
                ? detail.ToString()
                : answer;
        }
        catch (JsonException)
        {
            return answer;
        }
    }
}
