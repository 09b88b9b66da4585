using EdgeAgent.Testing;

namespace MQTTnet.Polyfill.Tests;

/// <summary>A mosquitto on loopback with its files in a temporary folder. It can be killed and started again on the same port.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly string _configuration;
    private ForeignProcess? _process;

    private Mosquitto(TemporaryFolder folder, int port)
    {
        Folder = folder;
        Port = port;
        _configuration = folder["mosquitto.conf"];
    }

    public TemporaryFolder Folder { get; }

    public int Port { get; }

    public static async Task<Mosquitto> StartAsync(Func<TemporaryFolder, string>? configure = null)
    {
        var broker = new Mosquitto(new TemporaryFolder(), Loopback.FreePort());
        string lines = configure is null ? "allow_anonymous true" : configure(broker.Folder);
        // Its user is whoever runs the tests; started by root it would give up its rights to the folder.
        await File.WriteAllTextAsync(
            broker._configuration,
            $"""
            user {Environment.UserName}
            max_inflight_messages 0
            max_queued_messages 0
            listener {broker.Port} 127.0.0.1
            {lines}

            """);
        await broker.StartAsync();
        return broker;
    }

    public async Task StartAsync()
    {
        _process = ForeignProcess.Start(InstalledFactAttribute.Find("mosquitto")!, "-c", _configuration, "-v");
        await Loopback.WaitForPortAsync(Port, Patience.Limit);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(Patience.Limit);
        await _process.DisposeAsync();
    }

    public Task SignalAsync(string signal) => ForeignProcess.RunAsync("/bin/kill", [$"-{signal}", $"{_process!.Id}"], Patience.Limit);

    /// <summary>Has it write its database now, and waits until it has.</summary>
    public async Task SaveAsync()
    {
        string database = Folder["mosquitto.db"];
        DateTime before = File.Exists(database) ? File.GetLastWriteTimeUtc(database) : default;
        await SignalAsync("USR1");
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!File.Exists(database) || File.GetLastWriteTimeUtc(database) == before)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        Folder.Dispose();
    }
}
