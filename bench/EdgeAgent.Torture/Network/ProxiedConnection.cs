using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Torture.Network;

/// <summary>One connection through the proxy: two directions, which end together but for a half-close, which is passed on.</summary>
internal sealed class ProxiedConnection : IDisposable
{
    private readonly FaultProxy _proxy;
    private readonly Socket _near;
    private readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _over = new();
    private Cut? _cut;
    private long _left;              // bytes until the cut
    private long _upstream;          // bytes from the agent so far
    private long _upstreamSinceDown; // of these, since the service said something

    /// <param name="proxy">Whose line it is.</param>
    /// <param name="near">The agent's side, accepted.</param>
    public ProxiedConnection(FaultProxy proxy, Socket near)
    {
        near.NoDelay = true;
        (_proxy, _near) = (proxy, near);
    }

    /// <summary>Passes bytes until one side ends it, or <see cref="Reset"/>.</summary>
    public async Task RunAsync(int target, int? receiveBuffer)
    {
        try
        {
            if (receiveBuffer is { } bytes)
            {
                _far.ReceiveBufferSize = bytes;
            }
            await _far.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), _over.Token);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The service is down. Whoever comes through a load balancer sees a connection that was accepted and is gone.
            Reset();
            return;
        }
        using var up = new Direction(_proxy, _near, _far, line => line.Up, TakeUpstream, Reset, _over.Token);
        using var down = new Direction(_proxy, _far, _near, line => line.Down, TakeDownstream, Reset, _over.Token);
        await Task.WhenAll(up.RunAsync(), down.RunAsync());
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
        _over.Dispose();
    }

    /// <summary>Both sides see their connection reset.</summary>
    public void Reset()
    {
        _over.Cancel();
        foreach (Socket socket in (Socket[])[_near, _far])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
            {
                // Closed already.
            }
            socket.Close();
        }
    }

    /// <summary>Of so many bytes from the agent, how many may still pass. Fewer than all: the connection is cut behind them.</summary>
    private int TakeUpstream(int bytes)
    {
        _upstream += bytes;
        int passing = UntilCut(CutPlace.Upstream, bytes);
        Interlocked.Add(ref _upstreamSinceDown, bytes);
        _proxy.CountUpstream(passing);
        return passing;
    }

    private int TakeDownstream(int bytes)
    {
        bool isAnswer = Interlocked.Exchange(ref _upstreamSinceDown, 0) > Cut.MoreThanAnOpening && _upstream > Cut.MoreThanAHandshake;
        int passing = UntilCut(isAnswer ? CutPlace.Answer : CutPlace.Downstream, bytes);
        _proxy.CountDownstream(passing);
        return passing;
    }

    private int UntilCut(CutPlace place, int bytes)
    {
        Cut? cut = _proxy.State.Line.Cut;
        lock (_over)
        {
            if (cut != _cut)
            {
                _cut = cut;
                _left = cut is null ? 0 : _proxy.Draw(cut.Least, cut.Most);
            }
            bool counts = cut is not null && (cut.Place == place || (cut.Place == CutPlace.Downstream && place == CutPlace.Answer));
            if (!counts)
            {
                return bytes;
            }
            if (_left >= bytes)
            {
                _left -= bytes;
                return bytes;
            }
            _proxy.CountCut(place);
            return (int)_left;
        }
    }
}
