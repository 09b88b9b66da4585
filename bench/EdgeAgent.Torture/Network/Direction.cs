using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EdgeAgent.Torture.Network;

/// <summary>
/// The bytes of a connection in one direction. One loop takes them from the one side and notes when each piece is due, the other one hands them to the
/// other side when it is: so that a delay costs time and no throughput.
/// </summary>
/// <param name="proxy">Whose line it is.</param>
/// <param name="from">Where the bytes come from.</param>
/// <param name="to">Where they go to.</param>
/// <param name="passage">Which of the line's two passages this is.</param>
/// <param name="take">Counts bytes that are about to pass, and says how many may: with fewer than all the connection ends.</param>
/// <param name="reset">Ends both directions at once.</param>
/// <param name="over">That has happened.</param>
internal sealed class Direction(
    FaultProxy proxy, Socket from, Socket to, Func<Line, Passage> passage, Func<int, int> take, Action reset, CancellationToken over) : IDisposable
{
    // Pieces of a hundredth of a second at a limited rate, so that it is even; and a line's queue of 64 KiB, as a router's would be. Unlimited, what
    // 50 ms hold at 300 MB/s.
    private const int LargestPiece = 64 * 1024;
    private const int LimitedQueue = 64 * 1024;
    private const int FreeQueue = 16 * 1024 * 1024;

    private readonly Channel<(byte[] Piece, long Due)> _underWay = Channel.CreateUnbounded<(byte[], long)>(new() { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _room = new(0, 1);
    private long _queued;
    private long _lastDue;
    private bool _isDead;

    /// <summary>Ends where a side half-closes, or after a reset.</summary>
    public Task RunAsync() => Task.WhenAll(OrResetAsync(TakeAsync()), OrResetAsync(HandOverAsync()));

    public void Dispose() => _room.Dispose();

    private async Task OrResetAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A side has gone, or the connection is cut: whoever is left sees a reset.
            reset();
        }
    }

    private async Task TakeAsync()
    {
        byte[] buffer = new byte[LargestPiece];
        try
        {
            while (true)
            {
                Line line = proxy.State.Line;
                int piece = line.BytesPerSecond == 0 ? LargestPiece : (int)Math.Clamp(line.BytesPerSecond / 100, 1, LargestPiece);
                int read = await from.ReceiveAsync(buffer.AsMemory(0, piece), SocketFlags.None, over);
                if (read == 0)
                {
                    return;
                }
                long queued = Interlocked.Add(ref _queued, read);
                _underWay.Writer.TryWrite((buffer[..read], Due(proxy.State.Line)));
                while (queued > (proxy.State.Line.BytesPerSecond == 0 ? FreeQueue : LimitedQueue))
                {
                    await _room.WaitAsync(over);
                    queued = Interlocked.Read(ref _queued);
                }
            }
        }
        catch (SocketException) when (_isDead)
        {
            // One side has given up; the other one cannot know.
        }
        finally
        {
            _underWay.Writer.TryComplete();
        }
    }

    private long Due(Line line)
    {
        TimeSpan delay = line.Delay + TimeSpan.FromMilliseconds(proxy.Draw(0, (int)line.Jitter.TotalMilliseconds));
        _lastDue = Math.Max(_lastDue, Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency));
        return _lastDue;
    }

    private async Task HandOverAsync()
    {
        long free = Stopwatch.GetTimestamp();
        await foreach ((byte[] piece, long due) in _underWay.Reader.ReadAllAsync(over))
        {
            Interlocked.Add(ref _queued, -piece.Length);
            if (_room.CurrentCount == 0)
            {
                _room.Release();
            }
            await UntilAsync(due);
            await UntilOpenAsync();
            if (_isDead)
            {
                proxy.CountSwallowed(piece.Length);
                continue;
            }
            LineState state = proxy.State;
            if (state.Line.BytesPerSecond is > 0 and var rate)
            {
                // A line that was idle has saved nothing up, but for what the timer oversleeps.
                long now = Stopwatch.GetTimestamp();
                free = Math.Max(free, now - (Stopwatch.Frequency / 50)) + (Stopwatch.Frequency * piece.Length / rate);
                await Task.WhenAny(UntilAsync(free), state.Changed);
            }
            int passing = take(piece.Length);
            await SendAsync(piece.AsMemory(0, passing));
            if (passing < piece.Length)
            {
                // What was sent shall arrive before the reset that follows; on loopback it is there at once.
                await Task.Yield();
                throw new OperationCanceledException("The connection is cut here.");
            }
        }
        if (!_isDead)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }

    private async Task UntilOpenAsync()
    {
        while (!_isDead)
        {
            LineState state = proxy.State;
            switch (passage(state.Line))
            {
                case Passage.Swallowed:
                    _isDead = true;
                    return;
                case Passage.Held:
                    await state.Changed.WaitAsync(over);
                    break;
                default:
                    return;
            }
        }
    }

    private async Task UntilAsync(long due)
    {
        TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        // Timers are exact to a millisecond or so: what is due earlier goes at once, and what comes late is made up for by the next piece.
        if (left > TimeSpan.FromMilliseconds(1))
        {
            await Task.Delay(left, over);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, SocketFlags.None, over)..];
        }
    }
}
