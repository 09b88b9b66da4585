using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// The thread of one bus. Calls of the kernel block, and an adapter's driver may hang in them: so that this holds up neither the pool nor
/// another bus, they are made here. A turn that takes longer than the deadline is given up, together with all that wait behind it; until it
/// comes back from the kernel none is taken. The thread and what it hangs in cannot be ended: the kernel lets nobody do that.
/// </summary>
internal sealed class BusThread : ITurnRunner
{
    /// <summary>How long stopping waits for the turn at work. Longer would delay the agent's end for a bus that hangs.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private readonly I2cWire _wire;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private readonly ITimer _watch;
    private readonly Thread _thread;

    /// <summary>A monitor and no Lock, because the thread waits for it to be pulsed. All below is read and written inside.</summary>
    private readonly object _gate = new();
    private readonly Queue<BusTurn> _waiting = new();
    private BusTurn? _running;
    private long _runningSince;
    private bool _isWatching, _isStarted, _isStopped;

    public BusThread(I2cWire wire, string name, TimeSpan deadline, TimeProvider time)
    {
        _wire = wire;
        _deadline = deadline;
        _time = time;
        _watch = time.CreateTimer(static thread => ((BusThread)thread!).Watch(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Work) { Name = name, IsBackground = true };
    }

    public bool IsAtWork
    {
        get
        {
            lock (_gate)
            {
                return _running is not null;
            }
        }
    }

    public ValueTask<Quality> Run(BusTurn turn, Func<Quality> transfers)
    {
        lock (_gate)
        {
            if (_isStopped || _running is { State: BusTurnState.GivenUp })
            {
                return new ValueTask<Quality>(_wire.Refused());
            }
            ValueTask<Quality> outcome = turn.Begin(transfers);
            turn.State = BusTurnState.Waiting;
            _waiting.Enqueue(turn);
            if (!_isStarted)
            {
                _thread.Start();
                _isStarted = true;
            }
            Monitor.Pulse(_gate);
            return outcome;
        }
    }

    /// <summary>Turns that wait get no bus any more. One that hangs is left behind: a background thread does not keep the process.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            GiveUpWaiting();
            Monitor.Pulse(_gate);
        }
        _watch.Dispose();
        if (!_isStarted || _thread.Join(Goodbye))
        {
            return;
        }
        lock (_gate)
        {
            GiveUpRunning();
        }
    }

    private void Work()
    {
        while (Take() is { } turn)
        {
            Quality outcome = turn.Perform(out Exception? defect);
            lock (_gate)
            {
                _running = null;
                bool isAwaited = turn.State == BusTurnState.Running;
                turn.State = BusTurnState.Idle;
                if (isAwaited)
                {
                    turn.Complete(outcome, defect);
                }
            }
        }
    }

    /// <returns>Null: the bus is given up.</returns>
    private BusTurn? Take()
    {
        lock (_gate)
        {
            BusTurn? turn;
            while (!_waiting.TryDequeue(out turn))
            {
                if (_isStopped)
                {
                    return null;
                }
                Monitor.Wait(_gate);
            }
            turn.State = BusTurnState.Running;
            _running = turn;
            _runningSince = _time.GetTimestamp();
            if (!_isWatching)
            {
                _isWatching = true;
                _watch.Change(_deadline, Timeout.InfiniteTimeSpan);
            }
            return turn;
        }
    }

    /// <summary>
    /// The watch is wound once and looks when it fires: winding it with every turn would wake the machine's timer for nothing. While there
    /// are turns it fires once a deadline.
    /// </summary>
    private void Watch()
    {
        lock (_gate)
        {
            _isWatching = _running is { State: BusTurnState.Running } && !_isStopped;
            if (!_isWatching)
            {
                return;
            }
            TimeSpan left = _deadline - _time.GetElapsedTime(_runningSince);
            if (left > TimeSpan.Zero)
            {
                _watch.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }
            _isWatching = false;
            _wire.Hangs(_deadline);
            GiveUpRunning();
            GiveUpWaiting();
        }
    }

    private void GiveUpRunning()
    {
        if (_running is { State: BusTurnState.Running } turn)
        {
            turn.State = BusTurnState.GivenUp;
            turn.GiveUp();
        }
    }

    private void GiveUpWaiting()
    {
        while (_waiting.TryDequeue(out BusTurn? turn))
        {
            turn.State = BusTurnState.Idle;
            turn.GiveUp();
        }
    }
}
