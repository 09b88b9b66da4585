using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Configuration;
using EdgeAgent.Identity;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Tests.Uplink;
using EdgeAgent.Uplink;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Identity;

/// <summary>A device with a spool, an uplink and a store of its own identity, and the service at the other end. Tests make the keeper's steps one by one.</summary>
internal sealed class IdentityRig : IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];

    public IdentityRig(TestMachine? board = null, string? keyFile = null)
    {
        Time = board?.Time ?? new ManualTimeProvider(DateTimeOffset.UtcNow);
        Uplink.Clock = board is null ? TestClocks.Right(Time) : TestClocks.Of(board, Uplink.Folder["clock"]);
        Uplink.Options.CertificateFile = Uplink.Options.KeyFile = null;
        File.WriteAllText(Uplink.Folder["root.crt"], Cloud.Authority.RootPem);
        IdentityFolder = Uplink.Folder["state/identity"];
        KeyFile = keyFile;
        Uplink.Options.Identity = IdentityStore.Of(Options());
    }

    public UplinkRig Uplink { get; } = new();

    public IdentityCloud Cloud { get; } = new();

    public ManualTimeProvider Time { get; }

    public string IdentityFolder { get; }

    public string? KeyFile { get; }

    public string? Token { get; set; } = "token-1";

    public bool IsRefused { get; set; }

    /// <summary>What the service shows, where a test chose it.</summary>
    public X509Certificate2? Served { get; set; }

    public IdentityStore Store => Uplink.Options.Identity!;

    public async Task<IdentityRig> StartAsync()
    {
        await Uplink.Slot.StartAsync(CancellationToken.None);
        Cloud.Time = Time;
        await Cloud.StartAsync();
        Uplink.Options.Endpoint = Cloud.Endpoint;
        return this;
    }

    /// <summary>A keeper as a process has one that starts now.</summary>
    /// <param name="readings">What the lanes upload over; null: a connection of its own.</param>
    public IdentityKeeper Keeper(UplinkConnection? readings = null)
    {
        UplinkConnection Connect(UplinkOptions options) => new(
            options, Uplink.Metrics, new CertificateTimes(Uplink.Clock, TimeProvider.System), TimeProvider.System, new Random(1), Uplink.Log);
        var control = new ControlConnection(Connect(Uplink.Options));
        var opening = new SessionOpening(Uplink.Catalog, Uplink.Clock, Uplink.Watch);
        var keeper = new IdentityKeeper(
            Options(), Uplink.Options, readings ?? Uplink.Connect(), control, Connect, new IdentityProbe(Uplink.Options, Uplink.Slot, opening, Connect, TimeProvider.System),
            () => IsRefused, Uplink.Clock, Uplink.Metrics, Time, new Random(1), new LoggerFactory([Uplink.Log]).CreateLogger<IdentityKeeper>());
        _owned.AddRange([keeper, control]);
        return keeper;
    }

    public static Task<TimeSpan> StepAsync(IdentityKeeper keeper) => keeper.StepAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Steps until nothing is to be done.</summary>
    public async Task<IdentityKeeper> EnrolledAsync()
    {
        IdentityKeeper keeper = Keeper();
        Assert.Equal(TimeSpan.Zero, await StepAsync(keeper));
        Assert.Equal(1, Store.Current);
        return keeper;
    }

    /// <summary>Readings go up by the present certificate, and their receipt comes.</summary>
    public async Task UploadAsync(UplinkConnection connection, int records)
    {
        // Whoever waits for the receipt hears of it a little after the spool does; this listens behind all others.
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Hear(Confirmation confirmation)
        {
            if (confirmation.Through >= (ulong)records)
            {
                heard.TrySetResult();
            }
        }
        connection.Confirmed += Hear;
        await Uplink.AppendAsync(1);
        Uplink.Run(connection: connection);
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(20));
        connection.Confirmed -= Hear;
    }

    public X509Certificate2 Certificate(int generation) => Store.Read(generation)!.Own;

    /// <summary>Lines of the log that hold all of these words.</summary>
    public int Told(params string[] words) => Uplink.Log.Lines.Count(line => words.All(word => line.Contains(word, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        _owned.ForEach(static one => one.Dispose());
        await Uplink.DisposeAsync();
        await Cloud.DisposeAsync();
    }

    private IdentityOptions Options() => new()
    {
        Folder = IdentityFolder,
        KeyFile = KeyFile,
        Token = Token is { } token ? Secret.OfValue(token) : null,
    };
}
