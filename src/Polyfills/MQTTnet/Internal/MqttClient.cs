using System.Diagnostics;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

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
        var server = options.ChannelOptions as MqttClientTcpOptions ?? throw new ArgumentException("ChannelOptions are not set.", nameof(options));
        WireVersion version = VersionOf(options);
        if (options.ValidateFeatures)
        {
            VersionFeatures.ThrowIfNotSupported(options);
        }
        using CancellationTokenSource attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await BeginAttemptAsync(attempt).ConfigureAwait(false);
        Options = options;
        attempt.CancelAfter(options.Timeout);
        MqttClientConnectResult answer;
        try
        {
            await InvokeAsync(ConnectingAsync, new MqttClientConnectingEventArgs(options)).ConfigureAwait(false);
            answer = await EstablishAsync(options, server, version, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            FailAttempt(null, failure);
            throw;
        }
        if (answer.ResultCode == MqttClientConnectResultCode.Success)
        {
            await InvokeAsync(ConnectedAsync, new MqttClientConnectedEventArgs(answer)).ConfigureAwait(false);
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

    private static WireVersion VersionOf(MqttClientOptions options) => options.ProtocolVersion switch
    {
        MqttProtocolVersion.V311 => WireVersion.V311,
        MqttProtocolVersion.V500 => WireVersion.V500,
        _ => throw new NotSupportedException($"MQTT version {options.ProtocolVersion} is not spoken here."),
    };

    /// <summary>All handlers, one after the other.</summary>
    private static async Task InvokeAsync<TEvent>(Func<TEvent, Task>? handlers, TEvent happened)
    {
        foreach (Func<TEvent, Task> handler in Delegate.EnumerateInvocationList(handlers))
        {
            await handler(happened).ConfigureAwait(false);
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

    private async Task<MqttClientConnectResult> EstablishAsync(
        MqttClientOptions options, MqttClientTcpOptions server, WireVersion version, CancellationToken cancellationToken)
    {
        ServerTransport transport;
        try
        {
            transport = await ServerTransport.OpenAsync(server, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw ConnectionEnd.Wrap(failure);
        }
        var input = new PacketInput(transport.Stream, options.MaximumPacketSize);
        MqttClientConnectResult? answer = null;
        try
        {
            answer = await Handshake.PerformAsync(transport.Stream, input, options, version, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            throw new MqttConnectingFailedException($"The server did not answer CONNECT: {failure.Message}", failure);
        }
        finally
        {
            if (answer is not { ResultCode: MqttClientConnectResultCode.Success })
            {
                transport.Dispose();
                input.Dispose();
            }
        }
        if (answer.ResultCode == MqttClientConnectResultCode.Success)
        {
            Start(new ClientConnection(transport, input, options, version, answer, _session, time));
        }
        else
        {
            FailAttempt(answer, null);
        }
        return answer;
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
                await connection.DeliverAsync(HandleAsync).ConfigureAwait(false);
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
    private void Announce(MqttClientDisconnectedEventArgs happened) => _ = Task.Run(() => InvokeAsync(DisconnectedAsync, happened));

    private async Task HandleAsync(MqttApplicationMessageReceivedEventArgs message)
    {
        try
        {
            await InvokeAsync(ApplicationMessageReceivedAsync, message).ConfigureAwait(false);
            if (message.AutoAcknowledge)
            {
                await message.AcknowledgeAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (MqttClientDisconnectedException)
        {
            // The connection ended while the handler worked: the server sends the message again.
        }
        catch (Exception failure)
        {
            // The handler is not ours. Its message stays with the server; the others go on.
            Trace.TraceError($"The handler of an MQTT message to '{message.ApplicationMessage.Topic}' failed. The message is not acknowledged. {failure}");
            message.Decline();
        }
    }

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
