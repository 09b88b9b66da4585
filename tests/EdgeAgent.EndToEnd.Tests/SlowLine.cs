using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>
/// A line of a known rate in the direction of the service: what it takes ahead is as little as the kernel lets a receiver offer, so that what waits, waits
/// at the sender, as it does in front of a modem with a short queue.
/// </summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private const int Piece = 2 * 1024;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2 * Piece };
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly int _bytesPerSecond;
    private readonly Task _accepting;
    private long _passed;

    public SlowLine(int target, int bytesPerSecond)
    {
        (_target, _bytesPerSecond) = (target, bytesPerSecond);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Bytes towards the service.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptAsync(_stopping.Token)));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket near)
    {
        using Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                Task back = PumpAsync(far, near, 64 * 1024, static _ => Task.CompletedTask);
                await PumpAsync(near, far, Piece, new Shape(_bytesPerSecond, bytes => Interlocked.Add(ref _passed, bytes)).TakeAsync);
                await back;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One side has ended; the other one sees it when this returns.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, int piece, Func<int, Task> passing)
    {
        byte[] buffer = new byte[piece];
        int read;
        while ((read = await from.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token)) > 0)
        {
            await passing(read);
            for (int sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), SocketFlags.None, _stopping.Token);
            }
        }
        to.Shutdown(SocketShutdown.Send);
    }

    private sealed class Shape(int bytesPerSecond, Action<int> count)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private TimeSpan _freeAt;

        public async Task TakeAsync(int bytes)
        {
            TimeSpan now = Stopwatch.GetElapsedTime(_start);
            // A timer that fires late is made up for by what it is late.
            TimeSpan earliest = now - TimeSpan.FromMilliseconds(50);
            _freeAt = (_freeAt > earliest ? _freeAt : earliest) + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            if (_freeAt > now)
            {
                await Task.Delay(_freeAt - now);
            }
            count(bytes);
        }
    }
}
