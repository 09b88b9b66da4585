using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Config.Identity;

/// <summary>The service with an authority of its own, whose calendar can be turned, behind a line that can be cut; and the person who decides.</summary>
internal sealed class OwnCloud : IAsyncDisposable
{
    private readonly CalendarTime _time = new();
    private readonly IngestionOptions _options;
    private IngestionHost _host = null!;    // set before anybody gets it
    private HttpClient _http = null!;

    private OwnCloud(string data) => _options = new IngestionOptions
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Web = new IPEndPoint(IPAddress.Loopback, 0),
        Data = data,
        // Sessions of processes that were killed make room soon.
        Ingest = { IdleTimeout = TimeSpan.FromSeconds(30), PredecessorWait = TimeSpan.FromSeconds(2) },
    };

    /// <summary>What it keeps of identities. A change counts from then on.</summary>
    public IdentityOptions Identity => _options.Identity;

    /// <summary>The line between the devices and the service.</summary>
    public TcpRelay Network { get; private set; } = null!;

    public string DatabaseFile => Path.Combine(_options.Data, "readings.db");

    /// <summary>How far its clock is from the right time.</summary>
    public TimeSpan ClockError
    {
        get => _time.Offset;
        set => _time.Offset = value;
    }

    /// <param name="data">Where its database is, or is made.</param>
    /// <param name="clockError">How far its clock is from the right time when it starts.</param>
    public static async Task<OwnCloud> StartAsync(string data, TimeSpan clockError = default)
    {
        var cloud = new OwnCloud(data) { ClockError = clockError };
        await cloud.LaunchAsync();
        cloud.Network = new TcpRelay(cloud._host.IngestPort);
        return cloud;
    }

    /// <summary>The certificate of one of its authorities; the first one has the number 1.</summary>
    public string RootFile(int generation) => Path.Combine(_options.Data, "authority", $"{generation}", "ca.crt");

    public async Task<string> CreateTokenAsync(string device, bool isBearer = false) => (await PostAsync<TokenCreatedView>(
        "tokens", new TokenRequest(device, isBearer ? IdentityViews.Bearer : IdentityViews.Enrolment, TtlSeconds: null))).Token;

    public Task<DeviceIdentityView> DecideAsync(string device, string standing, bool restore = false) =>
        PostAsync<DeviceIdentityView>($"devices/{device}/identity", new StandingRequest(standing, "Decided by the case.", restore));

    public Task<DeviceIdentityView> ShowAsync(string device) => GetAsync<DeviceIdentityView>($"devices/{device}/identity");

    public Task RollAuthorityAsync() => PostAsync<AuthoritiesAnswer>("authority/roll", new EmptyRequest());

    public Task FinishAuthorityAsync() => PostAsync<AuthoritiesAnswer>("authority/finish", new FinishRequest(Force: false));

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        _http.Dispose();
        await _host.DisposeAsync();
    }

    private async Task LaunchAsync()
    {
        _host = await IngestionHost.StartAsync(_options, NullLoggerFactory.Instance, _time, CancellationToken.None);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_host.WebPort}/api/admin/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", LocalToken.Read(LocalToken.PathIn(_options.Data)));
    }

    private async Task<T> GetAsync<T>(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync<T>(path, response);
    }

    private async Task<T> PostAsync<T>(string path, object request)
    {
        using HttpResponseMessage response = await _http.PostAsync(new Uri(path, UriKind.Relative), JsonContent.Create(request, request.GetType()));
        return await ReadAsync<T>(path, response);
    }

    private static async Task<T> ReadAsync<T>(string path, HttpResponseMessage response) => response.IsSuccessStatusCode
        ? (await response.Content.ReadFromJsonAsync<T>())!
        : throw new InvalidOperationException($"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");

    /// <summary>The system's clock, with another calendar.</summary>
    private sealed class CalendarTime : TimeProvider
    {
        private long _ticks;

        public TimeSpan Offset
        {
            get => new(Volatile.Read(ref _ticks));
            set => Volatile.Write(ref _ticks, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
