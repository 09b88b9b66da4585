using System.Net.Sockets;
using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.LocalStatus;

/// <summary>
/// Tells how the agent does, over a Unix socket and, where that is wanted, a port. Lives as long as the process: the inside is built anew under it, and whoever asks
/// in between is told so.
/// </summary>
internal sealed class LocalStatusService(Func<AgentHost?> inside, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly string? _runtimeDirectory = Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY");
    private readonly Lock _gate = new();
    private (LocalOptions Options, string Socket)? _used;
    private CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Listens where a configuration says from now on, and nowhere else. The same places stay as they are.</summary>
    public void Use(AgentConfiguration configuration)
    {
        LocalOptions options = configuration.Local;
        string path = options.SocketPath(configuration.Device.StateFolder, _runtimeDirectory);
        lock (_gate)
        {
            if (_isDisposed || _used == (options, path))
            {
                return;
            }
            _used = (options, path);
            _stopping.Cancel();
            _stopping = new CancellationTokenSource();
            // One after the other: the same socket may be among both.
            _listening = ListenAsync(_listening, options, path, _stopping.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task listening;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }
            (_isDisposed, listening) = (true, _listening);
            _stopping.Cancel();
        }
        await listening.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ListenAsync(Task before, LocalOptions options, string path, CancellationToken stopping)
    {
        await before.ConfigureAwait(false);
        var socket = new LocalListener(
            path, () => UnixSocketFile.Listen(path), new LocalSite(inside, options, isPort: false), time, logger);
        Task running = socket.RunAsync(stopping);
        if (options.Listen is { } port)
        {
            var listener = new LocalListener($"http://{port}/", () => Listen(port), new LocalSite(inside, options, isPort: true), time, logger);
            await listener.RunAsync(stopping).ConfigureAwait(false);
        }
        await running.ConfigureAwait(false);
    }

    private static Socket Listen(System.Net.IPEndPoint port)
    {
        var socket = new Socket(port.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(port);
            socket.Listen(LocalListener.Queue);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
