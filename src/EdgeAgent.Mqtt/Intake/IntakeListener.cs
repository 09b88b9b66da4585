using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EdgeAgent.Mqtt.Io;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// A socket to which devices publish directly. It is not a broker: it takes messages, hands each to its owner and acknowledges it when the owner
/// has accepted it; nobody can subscribe. docs/decisions/0003 says why it exists.
/// </summary>
/// <remarks>One connection's fault never touches another. All clocks are one <see cref="TimeProvider"/>; one timer looks after all deadlines once a second.</remarks>
public sealed class IntakeListener : IAsyncDisposable
{
    /// <summary>The resolution of all deadlines, which are seconds to minutes long. One timer for all is cheaper than one for each connection that every packet resets.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>What a cancelled handler may take to return. None of its waits should outlive its cancellation, so this is time to run, not to wait.</summary>
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(2);

    private readonly IntakeOptions _options;
    private readonly IntakeShared _shared;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<IntakeConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private readonly TaskCompletionSource<IntakeStopOutcome> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;
    private Task _publishingWills = Task.CompletedTask;
    private bool _isStopping;
    private ITimer? _sweep;

    /// <summary>An intake that does nothing yet.</summary>
    public IntakeListener(IntakeOptions options, IIntakeHandler handler, TimeProvider timeProvider, IntakeCounters? counters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(timeProvider);
        options.ThrowIfInvalid();
        _options = options;
        _time = timeProvider;
        Counters = counters ?? new IntakeCounters();
        var wills = new IntakeWills(handler, Counters, options.MaximumDelayedWills, _givingUp.Token);
        var sessions = new IntakeSessions(options.MaximumSessions, wills, timeProvider);
        _shared = new IntakeShared(options, handler, timeProvider, Counters, sessions, wills, new BufferBudget(options.MaximumBufferedBytes));
    }

    /// <summary>What the intake has done.</summary>
    public IntakeCounters Counters { get; }

    /// <summary>What all connections together hold in receive buffers now: see <see cref="IntakeOptions.MaximumBufferedBytes"/>.</summary>
    public long BufferedBytes => _shared.Budget.Taken;

    /// <summary>Whether something is being written to any device. For tests that own the clock.</summary>
    internal bool IsWriting => _connections.Keys.Any(connection => connection.IsWriting);

    /// <summary>Where it listens, with the port that was picked.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public IPEndPoint LocalEndPoint =>
        _socket?.LocalEndPoint as IPEndPoint ?? throw new InvalidOperationException("The intake does not listen.");

    /// <summary>Listens from now on.</summary>
    /// <exception cref="SocketException">The address is taken or not ours.</exception>
    public void Start()
    {
        if (_socket is not null)
        {
            throw new InvalidOperationException("The intake was started before.");
        }
        var socket = new Socket(_options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(_options.EndPoint);
            // As many as may be connected; the kernel caps it.
            socket.Listen(_options.MaximumConnections);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        _socket = socket;
        _sweep = _time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        _publishingWills = _shared.Wills.RunAsync();
        _accepting = AcceptAsync(socket);
    }

    /// <summary>
    /// Stops accepting and reading, waits for publishes in flight to be settled and acknowledged (<see cref="IntakeOptions.StopTimeout"/> at most, or
    /// until cancelled), then closes all connections. A handler that ignores its cancellation is waited for a moment longer and then left behind.
    /// Every call gets the outcome of the first; a later one may still cut the waiting short.
    /// </summary>
    public async Task<IntakeStopOutcome> StopAsync(CancellationToken cancellationToken = default)
    {
        using CancellationTokenRegistration _ = cancellationToken.UnsafeRegister(static giveUp => ((CancellationTokenSource)giveUp!).Cancel(), _givingUp);
        if (!Interlocked.Exchange(ref _isStopping, true))
        {
            try
            {
                _stopped.SetResult(await StopOnceAsync().ConfigureAwait(false));
            }
            catch (Exception fault)
            {
                _stopped.SetException(fault);
            }
        }
        return await _stopped.Task.ConfigureAwait(false);
    }

    /// <summary>Stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task<IntakeStopOutcome> StopOnceAsync()
    {
        // Before anything is awaited: what comes after this call is not taken any more.
        _stopping.Cancel();
        _socket?.Dispose();
        StopConnections();
        using var expired = new CancellationTokenSource(_options.StopTimeout, _time);
        using CancellationTokenRegistration _ = expired.Token.UnsafeRegister(static giveUp => ((CancellationTokenSource)giveUp!).Cancel(), _givingUp);
        await _accepting.ConfigureAwait(false);
        // And once more for the one that was being accepted.
        StopConnections();
        Task ended = EndAsync();
        IntakeStopOutcome outcome = IntakeStopOutcome.Settled;
        try
        {
            await ended.WaitAsync(_givingUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            outcome = await CutOffAsync(ended).ConfigureAwait(false);
        }
        if (_sweep is not null)
        {
            await _sweep.DisposeAsync().ConfigureAwait(false);
        }
        return outcome;
    }

    /// <summary>Completes when nothing is in flight any more: no connection, and then no will.</summary>
    private async Task EndAsync()
    {
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        _shared.Sessions.End();
        _shared.Wills.Complete();
        await _publishingWills.ConfigureAwait(false);
    }

    private async Task<IntakeStopOutcome> CutOffAsync(Task ended)
    {
        foreach (IntakeConnection connection in _connections.Keys)
        {
            connection.Abort(new IntakeEnding(IntakeCloseCause.Stopping));
        }
        try
        {
            await ended.WaitAsync(AbortTimeout, _time).ConfigureAwait(false);
            return IntakeStopOutcome.CutOff;
        }
        catch (TimeoutException)
        {
            return IntakeStopOutcome.HandlerStuck;
        }
    }

    private void StopConnections()
    {
        foreach (IntakeConnection connection in _connections.Keys)
        {
            connection.Stop();
        }
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listening.AcceptAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The device was gone before it was taken, or the process is out of descriptors. The listening socket is sound: go on, but do not spin.
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            if (_connections.Count >= _options.MaximumConnections)
            {
                Counters.ConnectionOverLimit();
                socket.Dispose();
                continue;
            }
            Open(socket);
        }
    }

    private void Open(Socket socket)
    {
        IntakeConnection connection;
        try
        {
            connection = new IntakeConnection(socket, _shared);
        }
        catch (SocketException)
        {
            // Gone before its options could be set.
            socket.Dispose();
            return;
        }
        Counters.ConnectionOpened();
        // The gate keeps the connection from ending before it stands in the table.
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = RunAsync(connection, entered.Task);
        entered.SetResult();
    }

    private async Task RunAsync(IntakeConnection connection, Task entered)
    {
        await entered.ConfigureAwait(false);
        await connection.RunAsync().ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
    }

    private void Sweep()
    {
        foreach (IntakeConnection connection in _connections.Keys)
        {
            connection.CheckDeadlines();
        }
        _shared.Sessions.Sweep();
    }
}
