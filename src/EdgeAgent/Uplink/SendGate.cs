using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <summary>
/// One for all lanes: the rates of the service and of the configuration, the bill, and the order of the lanes (<see cref="SendOrder"/>). An uploader
/// enters before each record and leaves when the connection has taken it. Who would have to wait longer than <see cref="Patience"/> is turned away: it
/// gives up its session, which would only be silent, and waits outside.
/// </summary>
internal sealed class SendGate(UplinkOptions options, ILaneBudget budget, AgentMetrics metrics, TimeProvider time)
{
    /// <summary>The longest that a session is held open for a turn: less than any service waits for the next message.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How often the socket is looked at while the backlog waits for it: a small part of what may lie in front of it.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Timers end at 49 days; whoever has to wait longer looks again in between.</summary>
    private static readonly TimeSpan LongestNap = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly AheadOfSocket _ahead = new();
    private readonly SendOrder _order = Limited(options.BytesPerSecond);
    private readonly long _origin = time.GetTimestamp();
    private TaskCompletionSource _moved = NewMove();

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>The service's word. The lower one of it and the configured rate counts.</summary>
    /// <param name="bytesPerSecond">0: no limit.</param>
    public void Limit(ulong bytesPerSecond)
    {
        lock (_gate)
        {
            _order.Limit(Lower(bytesPerSecond, options.BytesPerSecond));
        }
    }

    /// <summary>Waits until a record may go. <see cref="Leave"/> must follow where it may.</summary>
    /// <returns>False where the lane is not to send for a while: end the session, and wait for <see cref="TurnAsync"/>.</returns>
    public ValueTask<bool> EnterAsync(SpoolLane lane, int bytes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (WaitFor(lane, out _) == TimeSpan.Zero)
            {
                Begin(lane, bytes);
                return ValueTask.FromResult(true);
            }
            _order.Ask(lane);
        }
        return WaitToEnterAsync(lane, bytes, cancellationToken);
    }

    /// <summary>The connection has taken the record, or never will.</summary>
    public void Leave(SpoolLane lane)
    {
        lock (_gate)
        {
            _order.End(lane);
            Move();
        }
    }

    /// <summary>Whether it is known that the lane may not send for longer than <see cref="Patience"/>.</summary>
    public bool IsHeld(SpoolLane lane)
    {
        lock (_gate)
        {
            return WaitFor(lane, out _) > Patience;
        }
    }

    /// <summary>Completes when the lane may send, without entering.</summary>
    public async Task TurnAsync(SpoolLane lane, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait;
            Task moved;
            lock (_gate)
            {
                wait = WaitFor(lane, out moved);
            }
            if (wait == TimeSpan.Zero)
            {
                return;
            }
            await WaitAsync(wait, moved, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> WaitToEnterAsync(SpoolLane lane, int bytes, CancellationToken cancellationToken)
    {
        TimeSpan last = Now + Patience;
        bool isIn = false;
        try
        {
            while (true)
            {
                TimeSpan wait;
                Task moved;
                lock (_gate)
                {
                    wait = WaitFor(lane, out moved);
                    if (wait == TimeSpan.Zero)
                    {
                        isIn = true;
                        Begin(lane, bytes);
                        return true;
                    }
                    TimeSpan left = last - Now;
                    // A known time beyond it is not waited for at all.
                    if (left <= TimeSpan.Zero || (wait != Timeout.InfiniteTimeSpan && wait > left))
                    {
                        return false;
                    }
                    wait = wait == Timeout.InfiniteTimeSpan ? left : wait;
                }
                await WaitAsync(wait, moved, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_gate)
            {
                _order.Withdraw(lane);
                if (!isIn)
                {
                    Move();
                }
            }
        }
    }

    /// <summary>Under the gate.</summary>
    /// <returns>Zero: now. Infinite: until <paramref name="moved"/> completes.</returns>
    private TimeSpan WaitFor(SpoolLane lane, out Task moved)
    {
        moved = _moved.Task;
        TimeSpan bill = budget.WaitFor(lane);
        TimeSpan rate = _order.UntilPaid(lane, Now);
        TimeSpan wait = bill > rate ? bill : rate;
        if (wait > TimeSpan.Zero)
        {
            return wait;
        }
        if (_order.IsBehind(lane))
        {
            return Timeout.InfiniteTimeSpan;
        }
        return lane == SpoolLane.Backlog && !HasRoomAhead() ? Look : TimeSpan.Zero;
    }

    private bool HasRoomAhead()
    {
        _ahead.Observe(Now, metrics.WireBytesSent.Value);
        return _ahead.HasRoom;
    }

    private void Begin(SpoolLane lane, int bytes)
    {
        _order.Begin(lane, bytes, Now);
        _ahead.Add(bytes);
    }

    private async Task WaitAsync(TimeSpan wait, Task moved, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TimeSpan nap = wait == Timeout.InfiniteTimeSpan || wait > LongestNap ? LongestNap : WholeMilliseconds.Of(wait);
        await Task.WhenAny(moved, Task.Delay(nap, time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Under the gate: whoever waits looks again.</summary>
    private void Move()
    {
        TaskCompletionSource moved = _moved;
        _moved = NewMove();
        moved.SetResult();
    }

    private static SendOrder Limited(ulong bytesPerSecond)
    {
        var order = new SendOrder();
        order.Limit(bytesPerSecond);
        return order;
    }

    private static ulong Lower(ulong one, ulong other) => one == 0 ? other : other == 0 ? one : Math.Min(one, other);

    private static TaskCompletionSource NewMove() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
