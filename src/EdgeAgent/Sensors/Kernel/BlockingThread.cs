using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>How a piece of work on a <see cref="BlockingThread"/> ended for whoever waited for it.</summary>
internal enum BlockingOutcome
{
    /// <summary>The work is done.</summary>
    Done,

    /// <summary>The work, or an earlier one that nobody waits for any more, hangs in the kernel. Its results come to nothing; ask again later.</summary>
    Hangs,
}

/// <summary>
/// One thread for reads that may block: a sensor on 1-Wire converts for 0.75 s within the read, and a bus that is stuck holds it for seconds.
/// There is one for each group of sensors, so that no group holds another's thread or one of the pool's. Who waits does so at most for
/// <see cref="Patience"/>; a thread that hangs longer is left alone until the kernel lets it go. Neither waiting nor working allocates, unless another sensor of the thread comes first.
/// </summary>
/// <remarks>
/// <code>
/// Idle ── RunAsync ──▶ Working ── done ──▶ Idle
///                         │ patience is over, or the agent stops
///                         ▼
///                     Abandoned ── done ──▶ Idle
/// </code>
/// </remarks>
internal sealed class BlockingThread : IValueTaskSource<BlockingOutcome>, IThreadPoolWorkItem, IDisposable
{
    /// <summary>10 s: w1_therm tries five times 0.75 s, I2C adapters give up after one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Enough for a read and its parsing; eight megabytes, the usual size, would count against a container's memory where it is locked.</summary>
    private const int StackBytes = 256 << 10;

    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly AutoResetEvent _signal = new(false);
    private readonly ITimer _timer;
    private ManualResetValueTaskSourceCore<BlockingOutcome> _source;
    private State _state;
    private Thread? _thread;
    private Action? _work;
    private Exception? _failure;
    private long _startedAt;
    private CancellationTokenRegistration _stopping;
    private bool _isDisposed;

    /// <param name="name">The group, for those who look at the process's threads.</param>
    /// <param name="time">For the patience.</param>
    public BlockingThread(string name, TimeProvider time)
    {
        (_name, _time) = (name, time);
        _timer = time.CreateTimer(static self => ((BlockingThread)self!).GiveUpWhenDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private enum State
    {
        /// <summary>Takes work.</summary>
        Idle,

        /// <summary>Somebody waits for the work.</summary>
        Working,

        /// <summary>The work goes on and nobody waits for it.</summary>
        Abandoned,
    }

    /// <summary>Nothing is under way, and nothing hangs.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _state == State.Idle;
            }
        }
    }

    /// <summary>Runs one piece of work, after those that came before: the sensors of a group are due at once.</summary>
    /// <param name="work">Should be the same object each time. An exception out of it reaches the caller.</param>
    /// <param name="cancellationToken">The caller does not wait any longer; the work itself cannot be stopped.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<BlockingOutcome> RunAsync(Action work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await RunAloneAsync(work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        // Not the turn: whoever has it still gives it back, and it owns nothing.
        lock (_gate)
        {
            _isDisposed = true;
        }
        _timer.Dispose();
        // A thread that hangs is a background thread: it does not hold the process.
        _signal.Set();
    }

    BlockingOutcome IValueTaskSource<BlockingOutcome>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<BlockingOutcome>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<BlockingOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>On a thread of the pool, so that what the waiter does next does not run on this one.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure)
        {
            _source.SetException(failure);
        }
        else
        {
            _source.SetResult(BlockingOutcome.Done);
        }
    }

    private ValueTask<BlockingOutcome> RunAloneAsync(Action work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_state != State.Idle)
            {
                return new ValueTask<BlockingOutcome>(BlockingOutcome.Hangs);
            }
            _source.Reset();
            (_state, _work, _failure, _startedAt) = (State.Working, work, null, _time.GetTimestamp());
            _timer.Change(Patience, Timeout.InfiniteTimeSpan);
            if (_thread is null)
            {
                _thread = new Thread(Loop, StackBytes) { IsBackground = true, Name = _name };
                _thread.Start();
            }
        }
        short version = _source.Version;
        // Not under the lock: where the token is cancelled by now, it calls back at once.
        _stopping = cancellationToken.UnsafeRegister(static (self, token) => ((BlockingThread)self!).Abandon(new OperationCanceledException(token)), this);
        _signal.Set();
        return new ValueTask<BlockingOutcome>(this, version);
    }

    private void Loop()
    {
        while (_signal.WaitOne() && !_isDisposed)
        {
            try
            {
                _work!();
            }
            catch (Exception defect)
            {
                // The sampler's to tell: it is a defect of the sensor that asked.
                _failure = defect;
            }
            // Waits for a cancellation that is under way, which finds the state as it still is.
            _stopping.Dispose();
            if (Settle())
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }

    /// <returns>Whether somebody still waits for the work.</returns>
    private bool Settle()
    {
        lock (_gate)
        {
            bool isAwaited = _state == State.Working;
            _state = State.Idle;
            if (!_isDisposed)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
            return isAwaited;
        }
    }

    private void GiveUpWhenDue()
    {
        // A timer that fired while it was being set for the next piece of work comes too early for that one.
        if (_time.GetElapsedTime(_startedAt) >= Patience)
        {
            Abandon(null);
        }
    }

    private void Abandon(Exception? failure)
    {
        lock (_gate)
        {
            if (_state != State.Working)
            {
                return;
            }
            _state = State.Abandoned;
        }
        if (failure is null)
        {
            _source.SetResult(BlockingOutcome.Hangs);
        }
        else
        {
            _source.SetException(failure);
        }
    }
}
