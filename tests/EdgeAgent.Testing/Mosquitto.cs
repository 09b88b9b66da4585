namespace EdgeAgent.Testing;

/// <summary>
/// Debian's mosquitto on a free loopback port, with its files in a temporary folder of its own. It can be killed, stopped, and started again on
/// the same port with the same files.
/// </summary>
public sealed class Mosquitto : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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

    public int ProcessId => _process!.Id;

    /// <summary>What it has said since it was last started. Much with a setting of <c>log_type all</c>.</summary>
    public string Output => _process!.Output;

    /// <param name="configure">Lines of mosquitto.conf besides the listener, see <see cref="MosquittoSettings"/>. Default: who comes is let in.</param>
    /// <param name="port">Default: a free one.</param>
    public static async Task<Mosquitto> StartAsync(Func<TemporaryFolder, string>? configure = null, int? port = null)
    {
        var broker = new Mosquitto(new TemporaryFolder(), port ?? Loopback.FreePort());
        try
        {
            string lines = configure is null ? MosquittoSettings.Anonymous : configure(broker.Folder);
            // Its user is whoever runs the tests; started by root it would give up its rights to the folder.
            // Nothing is dropped for want of room: what is lost then is lost by whom the test is about. Not by 0, which means no limit: then
            // mosquitto 2.0.11 closes a connection after it has denied one of its publishes.
            await File.WriteAllTextAsync(
                broker._configuration,
                $"""
                user {Environment.UserName}
                max_queued_messages 1000000
                listener {broker.Port} 127.0.0.1
                {lines}

                """);
            await broker.StartAsync();
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
        return broker;
    }

    /// <summary>After <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        _process = ForeignProcess.Start(InstalledFactAttribute.Find("mosquitto")!, "-c", _configuration);
        try
        {
            await Loopback.WaitForPortAsync(Port, Patience);
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"mosquitto did not start:\n{_process.Output}", late);
        }
    }

    /// <summary>kill -9: it keeps only what it has written by then.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(Patience);
        await _process.DisposeAsync();
    }

    /// <summary>SIGTERM: it writes its database where it has one, and ends.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await _process!.WaitForExitAsync(Patience);
        await _process.DisposeAsync();
    }

    /// <summary>Has it write its database now, and waits until it has.</summary>
    public async Task SaveAsync()
    {
        string database = Folder["mosquitto.db"];
        DateTime before = File.Exists(database) ? File.GetLastWriteTimeUtc(database) : default;
        await SignalAsync("USR1");
        await Eventually.TrueAsync(
            () => File.Exists(database) && File.GetLastWriteTimeUtc(database) != before, Patience, "the database is written", TimeSpan.FromMilliseconds(5));
    }

    public async Task SignalAsync(string signal) => await ForeignProcess.RunAsync("/bin/kill", [$"-{signal}", $"{ProcessId}"], Patience);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        Folder.Dispose();
    }
}
