using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.Testing;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Torture.Config;

/// <summary>The service in this process, devices as processes, the network between them, and a person at the admin API; in a temporary folder.</summary>
internal sealed class ConfigRig : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    // As the commands: what is too large is refused with a sentence.
    private readonly HttpClient _http = new() { DefaultRequestHeaders = { ExpectContinue = true } };
    private readonly List<ConfigDevice> _devices = [];
    private IngestionHost? _service;
    private TcpRelay? _network;

    private ConfigRig(int devices) => DevelopmentAuthority.Create(Certificates, [.. Enumerable.Range(1, devices).Select(NameOf)], []);

    public TemporaryFolder Folder => _folder;

    public string Certificates => _folder["certificates"];

    public string DatabaseFile => _folder["ingestion/readings.db"];

    /// <summary>The line between the devices and the service. Its port is where the devices' own files say that the cloud is.</summary>
    public TcpRelay Network => _network!;

    /// <summary>The service itself, past the network.</summary>
    public int ServicePort => _service!.IngestPort;

    public IReadOnlyList<ConfigDevice> Devices => _devices;

    /// <summary>Where only one takes part.</summary>
    public ConfigDevice Device => _devices[0];

    /// <summary>Starts the service and so many devices, which wait for revisions then.</summary>
    public static async Task<ConfigRig> StartAsync(int devices = 1)
    {
        var rig = new ConfigRig(devices);
        try
        {
            await rig.StartServiceAsync(0);
            rig._network = new TcpRelay(rig.ServicePort);
            rig._devices.AddRange(Enumerable.Range(1, devices).Select(number => new ConfigDevice(rig, NameOf(number))));
            foreach (ConfigDevice device in rig._devices)
            {
                device.Agent.Start();
            }
            await Task.WhenAll(rig._devices.Select(device => device.WatchingAsync()));
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <c>edge-ingestion config push</c>.</summary>
    /// <exception cref="HttpRequestException">It is refused; the message is what the service says.</exception>
    public async Task<RolloutView> PushAsync(string layer, string document, bool bootstrap = false, string? stages = null)
    {
        var push = new PushRequest(layer, document, MayChangeBootstrap: bootstrap, Stages: stages);
        using HttpResponseMessage answer = await _http.PostAsJsonAsync($"{AdminApi.Prefix}/config/push", push, ConfigJson.Default.PushRequest);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync(ConfigJson.Default.RolloutView))!
            : throw new HttpRequestException(await answer.Content.ReadAsStringAsync(), null, answer.StatusCode);
    }

    public async Task<RolloutDetailView> RolloutAsync(long number) =>
        (await _http.GetFromJsonAsync($"{AdminApi.Prefix}/config/rollouts/{number}", ConfigJson.Default.RolloutDetailView))!;

    /// <summary>The layer goes back to what it was, for all.</summary>
    public async Task WithdrawAsync(long rollout)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(
            $"{AdminApi.Prefix}/config/rollouts/{rollout}/withdraw", new EmptyRequest(), ConfigJson.Default.EmptyRequest);
        answer.EnsureSuccessStatusCode();
    }

    /// <returns>Null where the service does not know the device yet.</returns>
    public async Task<DeviceHistoryView?> HistoryAsync(string device)
    {
        using HttpResponseMessage answer = await _http.GetAsync($"{AdminApi.Prefix}/config/devices/{device}");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync(ConfigJson.Default.DeviceHistoryView) : null;
    }

    /// <summary>What the service would never send: puts other bytes where those of the device's newest revision were, behind its back.</summary>
    public async Task SmuggleAsync(string device, byte[] document)
    {
        int port = ServicePort;
        await _service!.DisposeAsync();
        await using (var database = new SqliteConnection($"Data Source={_folder[$"ingestion/{SqliteControlDatabase.Name}"]}"))
        {
            await database.OpenAsync();
            await using SqliteCommand change = database.CreateCommand();
            change.CommandText = """
                INSERT INTO config_documents VALUES ($hash, $document);
                UPDATE config_revisions SET hash = $hash WHERE device = $device AND number = (SELECT number FROM config_devices WHERE device = $device);
                UPDATE config_devices SET hash = $hash WHERE device = $device;
                """;
            change.Parameters.AddWithValue("$hash", SHA256.HashData(document));
            change.Parameters.AddWithValue("$document", document);
            change.Parameters.AddWithValue("$device", device);
            await change.ExecuteNonQueryAsync();
        }
        await StartServiceAsync(port);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConfigDevice device in _devices)
        {
            await device.Agent.DisposeAsync();
        }
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
        _http.Dispose();
        _folder.Dispose();
    }

    private static string NameOf(int number) => $"press-{number}";

    private async Task StartServiceAsync(int port)
    {
        int web = _http.BaseAddress?.Port ?? Loopback.FreePort();
        var options = new IngestionOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, port),
            Web = new IPEndPoint(IPAddress.Loopback, web),
            Data = _folder["ingestion"],
            CertificateFile = Path.Combine(Certificates, "server.crt"),
            KeyFile = Path.Combine(Certificates, "server.key"),
            ClientAuthorityFile = Path.Combine(Certificates, "ca.crt"),
        };
        _service = await IngestionHost.StartAsync(options, CancellationToken.None);
        _http.BaseAddress ??= new Uri($"http://127.0.0.1:{web}");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", LocalToken.Read(LocalToken.PathIn(options.Data)));
    }
}
