namespace EdgeAgent.Testing;

/// <summary>
/// Debian's PostgreSQL on a free loopback port, with its files in a temporary folder of its own. It can be killed and started again on the same port with the
/// same files. It refuses to run as root; then it runs as the user that Debian makes for it.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "tester";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] AsItsUser = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    private readonly TemporaryFolder _folder = new();
    private ForeignProcess? _process;
    private int _databases;

    private PostgresServer() => Port = Loopback.FreePort();

    /// <summary>Null where PostgreSQL is not installed.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Max(StringComparer.Ordinal)
        : null;

    public static string? ReasonToSkip => Programs is null ? "not installed: postgresql" : null;

    public int Port { get; }

    public string Output => _process!.Output;

    private string Data => _folder["data"];

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            if (AsItsUser.Length > 0)
            {
                await RunAsync("chown", "postgres", server._folder.Path);
            }
            await RunAsync(
                [.. AsItsUser, Path.Combine(Programs!, "initdb"), "--no-sync", "-A", "trust", "-U", Superuser, "-E", "UTF8", "--locale=C", "-D", server.Data]);
            await server.StartAgainAsync();
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        return server;
    }

    /// <summary>After <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        string[] command =
        [
            .. AsItsUser, Path.Combine(Programs!, "postgres"), "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1",
            "-c", $"unix_socket_directories={_folder.Path}", "-c", "max_connections=50", "-c", "shared_buffers=32MB",
        ];
        _process = ForeignProcess.Start(command[0], command[1..]);
        await Eventually.TrueAsync(
            async () => (await ForeignProcess.RunAsync(Path.Combine(Programs!, "pg_isready"), ["-h", "127.0.0.1", "-p", $"{Port}"], Patience)).ExitCode == 0,
            Patience, () => $"PostgreSQL takes connections; it said {_process.Output}");
    }

    /// <summary>SIGKILL to all of its processes, as a machine that stops: what was acknowledged is on the disk, or this is how it shows.</summary>
    public async Task KillAsync()
    {
        // The children first: they would hold the shared memory, and the next start would wait for them.
        foreach (string child in (await ForeignProcess.RunAsync("pgrep", ["-P", $"{_process!.Id}"], Patience)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await ForeignProcess.RunAsync("kill", ["-9", child], Patience);
        }
        _process.Kill();
        await _process.WaitForExitAsync(Patience);
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>How to connect to it.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"test{Interlocked.Increment(ref _databases)}";
        await RunAsync(Path.Combine(Programs!, "createdb"), "-h", "127.0.0.1", "-p", $"{Port}", "-U", Superuser, name);
        return $"Host=127.0.0.1;Port={Port};Username={Superuser};Database={name}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                // SIGINT: a fast shutdown; nobody waits for clients.
                await ForeignProcess.RunAsync("kill", ["-INT", $"{_process.Id}"], Patience);
                await _process.WaitForExitAsync(Patience);
            }
            await _process.DisposeAsync();
        }
        _folder.Dispose();
    }

    private static async Task RunAsync(params string[] command)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(command[0], command[1..], Patience);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{command[^1]} … ended with {exitCode}: {output}");
        }
    }
}
