using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Tests.Sensors.Mqtt;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Uplink;

/// <summary>A real spool, the real uplink over TLS with a device's certificate, and a scripted service at the other end.</summary>
internal sealed class UplinkRig : IAsyncDisposable
{
    private BatchEncoder _encoder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly List<UplinkConnection> _connections = [];
    private CloudServer? _server;
    private UplinkHealth? _health;

    public UplinkRig()
    {
        Options = new UplinkOptions
        {
            AuthorityFile = Folder["root.crt"],
            SessionLinger = TimeSpan.FromMilliseconds(20),
            StartSpread = TimeSpan.Zero,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            BackoffFirst = TimeSpan.FromMilliseconds(10),
            BackoffLast = TimeSpan.FromMilliseconds(100),
            // Whatever the environment of the tests says.
            Proxy = new ProxyOptions { Source = ProxySource.None },
        };
        File.WriteAllText(Folder["root.crt"], Authority.RootPem);
        WriteDevice("device-1", Authority);
        SpoolOptions = new SpoolOptions { Path = Folder["spool"], MaximumBytes = 4 << 20, SegmentBytes = 256 << 10, FreeSpaceFloor = 0 };
        Slot = new SpoolSlot(SpoolOptions, TimeProvider.System, NullLogger<SpoolSlot>.Instance);
    }

    public TemporaryFolder Folder { get; } = new();

    public TestAuthority Authority { get; } = new();

    public ScriptedCloud Cloud { get; } = new();

    public UplinkOptions Options { get; }

    /// <summary>What the connection takes for time, where it is not <see cref="Time"/>.</summary>
    public TimeProvider? ConnectionTime { get; set; }

    public SpoolOptions SpoolOptions { get; }

    public SpoolSlot Slot { get; private set; }

    /// <summary>To be set before uploaders run.</summary>
    public AgentClock Clock { get; set; } = TestClocks.Right();

    public SeriesCatalog Catalog { get; private set; } = new();

    /// <summary>The uplink's clock; the spool has the system's. To be set before it runs.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Where the uplink's supervisor listens; nowhere where it is null. To be set before it runs.</summary>
    public string? Supervisor { get; set; }

    public UplinkHealth Health => _health ??= new UplinkHealth(new SupervisorSocket(Supervisor), Options, Time, new LoggerFactory([Log]).CreateLogger<UplinkHealth>());

    public Heartbeats Hearts => field ??= new Heartbeats(Time);

    public RecordingLog Log { get; } = new();

    public AgentMetrics Metrics { get; } = new();

    public ILaneBudget Budget { get; set; } = new UnlimitedBudget();

    public SendGate Gate => field ??= new SendGate(Options, Budget, Metrics, Time);

    public BacklogWatch Watch => new(Slot, TimeProvider.System, Metrics, NullLogger<BacklogWatch>.Instance);

    public SpoolQueue Backlog => Slot.Current.Spool[SpoolLane.Backlog];

    public SpoolQueue Live => Slot.Current.Spool[SpoolLane.Live];

    public SpoolQueue Alarm => Slot.Current.Spool[SpoolLane.Alarm];

    public void WriteDevice(string name, TestAuthority authority)
    {
        using System.Security.Cryptography.X509Certificates.X509Certificate2 device = authority.IssueDevice(name);
        (Options.CertificateFile, Options.KeyFile) = TestAuthority.WritePem(device, Folder.Path, "device");
    }

    public async Task<UplinkRig> StartAsync(params SessionScript[] scripts)
    {
        await Slot.StartAsync(CancellationToken.None);
        foreach (SessionScript script in scripts)
        {
            Cloud.Scripts.Enqueue(script);
        }
        await StartServerAsync();
        return this;
    }

    public async Task StartServerAsync(TestAuthority? authority = null, Action<HttpsConnectionAdapterOptions>? tls = null)
    {
        _server = await CloudServer.StartAsync(Cloud, authority ?? Authority, Authority, _server?.Port ?? 0, tls: tls);
        Options.Endpoint = new Uri($"https://localhost:{_server.Port}");
    }

    public async Task StopServerAsync() => await _server!.DisposeAsync();

    /// <summary>Committed records of random readings.</summary>
    public async Task AppendAsync(int records, SpoolLane lane = SpoolLane.Live, int readings = 1, BatchClock? clock = null)
    {
        var random = new Random(1);
        SpoolQueue queue = Slot.Current.Spool[lane];
        Assert.True(Catalog.TryRegister("s", "", new Dictionary<string, string>(), SeriesKind.Number, lane, out Series? series));
        for (int i = 0; i < records; i++)
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            for (int j = 0; j < readings; j++)
            {
                _encoder.Add((uint)series.Id.Index + 1, SeriesKind.Number, 1_790_000_000_000_000_000 + j, random.NextDouble(), null, Quality.Good);
            }
            ulong dictionary = queue.PrepareAppend(_encoder.MaximumBytes(Catalog));
            _encoder.Encode(Math.Max(dictionary, Slot.Current.TailAtOpen(lane) + 1), Catalog, BatchCompression.None, bytes, clock);
            queue.Append(bytes.WrittenSpan, (uint)readings);
        }
        await queue.CommitAsync();
    }

    /// <summary>The process ends in order and the next one opens the spool, which knows nothing of the series that the last one met.</summary>
    public async Task RestartAsync(Action? whileClosed = null)
    {
        await Slot.DisposeAsync();
        whileClosed?.Invoke();
        Slot = new SpoolSlot(SpoolOptions, TimeProvider.System, NullLogger<SpoolSlot>.Instance);
        (_encoder, Catalog) = (new BatchEncoder(), new SeriesCatalog());
        await Slot.StartAsync(CancellationToken.None);
    }

    /// <summary>A connection to the options' endpoints, made with the first session on it.</summary>
    public UplinkConnection Connect(NameLookup? lookup = null)
    {
        var connection = new UplinkConnection(
            Options, Metrics, new CertificateTimes(Clock, TimeProvider.System), ConnectionTime ?? Time, new Random(1), Log, lookup);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Over the connection of the uploader that was started last, as lanes do.</summary>
    public Uploader RunBeside(SpoolLane lane) => Run(lane, _connections[^1]);

    /// <param name="lane">The lane.</param>
    /// <param name="connection">Null: one of its own.</param>
    public Uploader Run(SpoolLane lane = SpoolLane.Live, UplinkConnection? connection = null)
    {
        connection ??= Connect();
        var uploader = new Uploader(
            lane, Slot, connection, new SessionOpening(Catalog, Clock, Watch), Gate, Options, Health, Hearts.Add($"{lane}", TimeSpan.FromMinutes(1)), Time, new Random(1), Metrics, Log);
        _running.Add(Task.Run(() => uploader.RunAsync(CancellationToken.None, _stop.Token)));
        return uploader;
    }

    /// <summary>Waits until the queue has released through a sequence.</summary>
    public static Task WaitForReleaseAsync(SpoolQueue queue, ulong through) => Eventually.TrueAsync(
        () => queue.Released >= through, TimeSpan.FromSeconds(20), () => $"released through {through}; it is {queue.Released}", TimeSpan.FromMilliseconds(2));

    public static Task WaitForStateAsync(Uploader uploader, UploadState state) => Eventually.TrueAsync(
        () => uploader.State == state, TimeSpan.FromSeconds(20), () => $"the uploader is {state}; it is {uploader.State}", TimeSpan.FromMilliseconds(2));

    /// <summary>
    /// Lets the uplink's time pass until a condition holds, but only while the uploader does nothing but wait: no deadline passes because this machine is slow.
    /// </summary>
    /// <returns>How far the clock went: at least as far as it had to.</returns>
    public async Task<TimeSpan> AdvanceUntilAsync(ManualTimeProvider time, Uploader uploader, Func<bool> condition, TimeSpan? step = null)
    {
        long began = time.GetTimestamp();
        await Eventually.TrueAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }
                if (uploader.State is UploadState.BackingOff or UploadState.Refused || (uploader.State == UploadState.Waiting && Cloud.OpenSessions == 0))
                {
                    time.Advance(step ?? TimeSpan.FromSeconds(1));
                }
                return false;
            },
            TimeSpan.FromSeconds(20), () => $"it happens; the log says {string.Join('\n', Log.Lines)}", TimeSpan.FromMilliseconds(5));
        return time.GetElapsedTime(began);
    }

    /// <summary>Every record is in the cloud once, as it lay in the spool.</summary>
    public void AssertAllStored(int records, Lane lane = Lane.Live)
    {
        for (ulong sequence = 1; sequence <= (ulong)records; sequence++)
        {
            Assert.True(Cloud.Stored.ContainsKey((lane, sequence)), $"Record {sequence} is missing.");
        }
        Assert.Equal(records, Cloud.Stored.Keys.Count(key => key.Lane == lane));
    }

    public async Task StopUplinkAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        await StopUplinkAsync();
        _connections.ForEach(static connection => connection.Dispose());
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        await Slot.DisposeAsync();
        Metrics.Dispose();
        Authority.Dispose();
        _stop.Dispose();
        Folder.Dispose();
    }
}
