using MQTTnet.Exceptions;

namespace MQTTnet.Internal;

/// <inheritdoc cref="IMqttClient"/>
internal sealed class MqttClient(TimeProvider time) : IMqttClient
{
    private readonly Lock _gate = new();
    private readonly ClientSession _session = new();
    private ClientState _state;
    private ClientConnection? _connection;
    private CancellationTokenSource? _attempt;
    private Task _ended = Task.CompletedTask;
    private Task _delivered = Task.CompletedTask;
    private bool _isDisposed;

    public event Func<MqttApplicationMessageReceivedEventArgs, Task>? ApplicationMessageReceivedAsync;

    public event Func<MqttClientConnectedEventArgs, Task>? ConnectedAsync;

    public event Func<MqttClientConnectingEventArgs, Task>? ConnectingAsync;

    public event Func<MqttClientDisconnectedEventArgs, Task>? DisconnectedAsync;

    public bool IsConnected
    {
        get
        {
            lock (_gate)
            {
                return _state == ClientState.Connected && _connection!.IsAlive;
            }
        }
    }

    public MqttClientOptions? Options { get; private set; }

    public async Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connecting = new ConnectionAttempt(options);
        using CancellationTokenSource attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await BeginAttemptAsync(attempt).ConfigureAwait(false);
        Options = options;
        attempt.CancelAfter(options.Timeout);
        MqttClientConnectResult answer;
        ClientConnection? connection;
        try
        {
            await AsyncEvents.InvokeAsync(ConnectingAsync, new MqttClientConnectingEventArgs(options)).ConfigureAwait(false);
            (answer, connection) = await connecting.MakeAsync(_session, time, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            FailAttempt(null, failure);
            throw;
        }
        if (connection is null)
        {
            FailAttempt(answer, null);
        }
        else
        {
            Start(connection);
            await GreetAsync(answer).ConfigureAwait(false);
        }
        return answer;
    }

    public async Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ClientConnection? connection;
        Task ended;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            switch (_state)
            {
                case ClientState.Disconnected or ClientState.Disconnecting:
                    return;
                case ClientState.Connecting:
                    _attempt?.Cancel();
                    throw new MqttClientNotConnectedException();
            }
            if (Options!.ValidateFeatures)
            {
                VersionFeatures.ThrowIfNotSupported(options, Options.ProtocolVersion);
            }
            _state = ClientState.Disconnecting;
            (connection, ended) = (_connection, _ended);
        }
        using CancellationTokenSource deadline = Deadline(cancellationToken);
        try
        {
            await connection!.CloseAsync(options, deadline.Token).ConfigureAwait(false);
        }
        finally
        {
            await ended.ConfigureAwait(false);
        }
    }

    public async Task PingAsync(CancellationToken cancellationToken = default)
    {
        ClientConnection connection = Require(cancellationToken);
        using CancellationTokenSource deadline = Deadline(cancellationToken);
        try
        {
            await connection.PingAsync().WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            throw new MqttCommunicationTimedOutException(cancelled);
        }
    }

    public Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(applicationMessage);
        TopicRules.ThrowIfInvalid(applicationMessage);
        ClientConnection connection = Require(cancellationToken);
        if (Options!.ValidateFeatures)
        {
            VersionFeatures.ThrowIfNotSupported(applicationMessage, Options.ProtocolVersion);
        }
        return connection.Publisher.PublishAsync(applicationMessage, cancellationToken);
    }

    public async Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.TopicFilters.ForEach(filter => TopicRules.ThrowIfInvalidFilter(filter.Topic));
        ClientConnection connection = Require(cancellationToken);
        if (Options!.ValidateFeatures)
        {
            VersionFeatures.ThrowIfNotSupported(options, Options.ProtocolVersion);
        }
        using CancellationTokenSource deadline = Deadline(cancellationToken);
        return await connection.Publisher.SubscribeAsync(options, deadline.Token).ConfigureAwait(false);
    }

    public async Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.TopicFilters.ForEach(TopicRules.ThrowIfInvalidFilter);
        ClientConnection connection = Require(cancellationToken);
        if (Options!.ValidateFeatures)
        {
            VersionFeatures.ThrowIfNotSupported(options, Options.ProtocolVersion);
        }
        using CancellationTokenSource deadline = Deadline(cancellationToken);
        return await connection.Publisher.UnsubscribeAsync(options, deadline.Token).ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _attempt?.Cancel();
            _connection?.Abort();
        }
    }

    /// <summary>A connection that is ending is waited for: who has seen its end may connect at once.</summary>
    private async Task BeginAttemptAsync(CancellationTokenSource attempt)
    {
        while (true)
        {
            Task ended;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (_state == ClientState.Disconnected)
                {
                    _state = ClientState.Connecting;
                    _attempt = attempt;
                    return;
                }
                if (_state == ClientState.Connecting || _connection!.IsAlive)
                {
                    throw new InvalidOperationException($"The client cannot connect while it is {_state}.");
                }
                ended = _ended;
            }
            await ended.ConfigureAwait(false);
        }
    }

    private void Start(ClientConnection connection)
    {
        lock (_gate)
        {
            _attempt = null;
            _connection = connection;
            _state = ClientState.Connected;
            _ended = Task.Run(() => RunAsync(connection));
            // A handler that is still busy with the last connection's message keeps the order: one message at a time.
            Task earlier = _delivered;
            _delivered = Task.Run(async () =>
            {
                await earlier.ConfigureAwait(false);
                await connection.DeliverAsync(message => MessageDelivery.HandOverAsync(ApplicationMessageReceivedAsync, message)).ConfigureAwait(false);
            });
            if (_isDisposed)
            {
                connection.Abort();
            }
        }
    }

    private async Task RunAsync(ClientConnection connection)
    {
        ConnectionEnd end = await connection.RunAsync().ConfigureAwait(false);
        bool isDisposed;
        lock (_gate)
        {
            _state = ClientState.Disconnected;
            _connection = null;
            isDisposed = _isDisposed;
        }
        connection.Dispose();
        if (!isDisposed)
        {
            Announce(new MqttClientDisconnectedEventArgs(true, null, end.Reason, end.ReasonString, end.UserProperties, end.Exception));
        }
    }

    /// <summary>A handler that throws fails ConnectAsync, and so there must be no connection afterwards.</summary>
    private async Task GreetAsync(MqttClientConnectResult answer)
    {
        try
        {
            await AsyncEvents.InvokeAsync(ConnectedAsync, new MqttClientConnectedEventArgs(answer)).ConfigureAwait(false);
        }
        catch
        {
            Task ended;
            lock (_gate)
            {
                _connection?.Abort();
                ended = _ended;
            }
            await ended.ConfigureAwait(false);
            throw;
        }
    }

    private void FailAttempt(MqttClientConnectResult? answer, Exception? failure)
    {
        lock (_gate)
        {
            _attempt = null;
            _state = ClientState.Disconnected;
        }
        var reason = (MqttClientDisconnectReason)(answer?.ResultCode ?? MqttClientConnectResultCode.UnspecifiedError);
        Announce(new MqttClientDisconnectedEventArgs(false, answer, reason, answer?.ReasonString, answer?.UserProperties, failure));
    }

    /// <summary>Nothing waits for these handlers, because they may connect again. What they throw goes to TaskScheduler.UnobservedTaskException.</summary>
    private void Announce(MqttClientDisconnectedEventArgs happened) => _ = Task.Run(() => AsyncEvents.InvokeAsync(DisconnectedAsync, happened));

    private ClientConnection Require(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _state == ClientState.Connected && _connection!.IsAlive ? _connection : throw new MqttClientNotConnectedException();
        }
    }

    private CancellationTokenSource Deadline(CancellationToken cancellationToken)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Options!.Timeout);
        return deadline;
    }
}
