using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Testing;

/// <summary>
/// The network between two programs on this machine: relays TCP from a loopback port to another one, counts what passes,
/// and can be cut (connections reset, new ones refused) or frozen (bytes stop, connections stay: half-open).
/// </summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPEndPoint _target;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;
    private TaskCompletionSource _flowing = Completed();
    private bool _cut;
    private long _upstream;
    private long _downstream;

    public TcpRelay(int targetPort)
    {
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Bytes from the connecting side to the target.</summary>
    public long Upstream => Interlocked.Read(ref _upstream);

    /// <summary>Bytes from the target to the connecting side.</summary>
    public long Downstream => Interlocked.Read(ref _downstream);

    /// <summary>Resets every connection and refuses new ones until <see cref="Restore"/>.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _cut = true;
            foreach (Socket socket in _sockets)
            {
                Reset(socket);
            }
            _sockets.Clear();
        }
    }

    /// <summary>Bytes stop in both directions; nobody is told.</summary>
    public void Freeze()
    {
        lock (_gate)
        {
            _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Ends a cut or a freeze.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            _cut = false;
            _flowing.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Cut();
        Restore();
        await _accepting;
        _stopping.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            // Its pump has just ended by itself.
        }
        socket.Close();
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket near = await _listener.AcceptAsync(_stopping.Token);
                near.NoDelay = true;
                _ = RelayAsync(near);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            try
            {
                lock (_gate)
                {
                    if (_cut)
                    {
                        near.LingerState = new LingerOption(true, 0);
                        return;
                    }
                    _sockets.Add(near);
                    _sockets.Add(far);
                }
                await far.ConnectAsync(_target, _stopping.Token);
                await Task.WhenAll(
                    PumpAsync(near, far, read => Interlocked.Add(ref _upstream, read)),
                    PumpAsync(far, near, read => Interlocked.Add(ref _downstream, read)));
            }
            catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The target is down, or the relay was cut: the near side sees a closed connection.
            }
            finally
            {
                lock (_gate)
                {
                    _sockets.Remove(near);
                    _sockets.Remove(far);
                }
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Action<int> count)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int read = await from.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token);
                await _flowing.Task;
                if (read == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }
                count(read);
                await SendAllAsync(to, buffer.AsMemory(0, read));
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone: closing both ends the other pump too.
            from.Close();
            to.Close();
        }
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, SocketFlags.None, _stopping.Token)..];
        }
    }
}
