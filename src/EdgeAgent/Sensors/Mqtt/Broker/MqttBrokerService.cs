using System.Buffers;
using System.Text;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Uplink;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>
/// Subscribes to one broker for as long as the agent runs. A broker that is away is a state, not an error: the log says once that
/// it is gone and once that it is back.
/// </summary>
internal sealed partial class MqttBrokerService : BackgroundService
{
    /// <summary>How long stopping waits for messages to be committed and acknowledged. A batch closes within 100 ms while somebody waits.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What a broker that has never heard of 5.0 answers, in 3.1.1's own codes (MQTT 3.1.1, section 3.2.2.3).</summary>
    private const MqttClientConnectResultCode UnacceptableVersionOf311 = (MqttClientConnectResultCode)1;

    private readonly MqttBrokerOptions _options;
    private readonly ReadingWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger<MqttBrokerService> _logger;
    private readonly BrokerAcknowledgements _acknowledgements;
    private readonly BrokerSessions _sessions;
    private readonly AgentMetrics _metrics;
    private readonly Func<CancellationToken, Task<StoredDeliveries>> _readStored;
    private readonly Backoff _backoff;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private MqttProtocolVersion _version = MqttProtocolVersion.V500;
    private StoredDeliveries? _stored; // null where it could not be looked up
    private TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasConnection;
    private bool _isAway;
    private int _state;

    /// <param name="options">Which broker.</param>
    /// <param name="writer">Takes the messages.</param>
    /// <param name="readStored">Looks up what an earlier run, or an earlier configuration, stored, as soon as there is a spool. Asked once, before the first connection.</param>
    /// <param name="sessions">What an earlier configuration has left unacknowledged.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public MqttBrokerService(
        MqttBrokerOptions options, ReadingWriter writer, Func<CancellationToken, Task<StoredDeliveries>> readStored, BrokerSessions sessions, AgentMetrics metrics,
        TimeProvider time, ILogger<MqttBrokerService> logger)
    {
        (_options, _writer, _readStored, _metrics, _time, _logger) = (options, writer, readStored, metrics, time, logger);
        _sessions = sessions;
        _acknowledgements = sessions.Take(BrokerSession.Of(options));
        _backoff = new Backoff(options.BackoffFirst, options.BackoffLast, Random.Shared);
        _client.ApplicationMessageReceivedAsync += ReceivedAsync;
        _client.DisconnectedAsync += closed =>
        {
            // An attempt that failed is reported here too, and perhaps late: it says nothing of the connection that stands by now.
            if (closed.ClientWasConnected)
            {
                _lost.TrySetResult(closed.Exception?.Message ?? closed.ReasonString ?? closed.Reason.ToString());
            }
            return Task.CompletedTask;
        };
    }

    /// <summary>For the diagnostics page and for tests.</summary>
    public BrokerState State
    {
        get => (BrokerState)Volatile.Read(ref _state);
        private set => Volatile.Write(ref _state, (int)value);
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            _stored = await _readStored(stoppingToken).ConfigureAwait(false);
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            State = BrokerState.Stopped;
        }
        finally
        {
            // Nothing can be acknowledged on this connection any more.
            _acknowledgements.ConnectionLost();
            _sessions.Leave(BrokerSession.Of(_options), _acknowledgements);
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        using var acknowledging = new CancellationTokenSource();
        Task acknowledgements = _acknowledgements.RunAsync(acknowledging.Token);
        while (State != BrokerState.Stopped)
        {
            try
            {
                State = State switch
                {
                    BrokerState.Connecting => await ConnectAsync(stoppingToken).ConfigureAwait(false),
                    BrokerState.Subscribing => await SubscribeAsync(stoppingToken).ConfigureAwait(false),
                    BrokerState.Receiving => await ReceiveAsync(stoppingToken).ConfigureAwait(false),
                    BrokerState.BackingOff => await BackOffAsync(stoppingToken).ConfigureAwait(false),
                    BrokerState.Draining => await DrainAsync().ConfigureAwait(false),
                    _ => throw new InvalidOperationException($"The broker source has no state {State}."),
                };
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // However the library words a cancellation.
                State = BrokerState.Draining;
            }
        }
        await acknowledging.CancelAsync().ConfigureAwait(false);
        await acknowledgements.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<BrokerState> ConnectAsync(CancellationToken cancellationToken)
    {
        await EndLastAsync(cancellationToken).ConfigureAwait(false);
        _lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            MqttClientConnectResult reply = await _client.ConnectAsync(BrokerConnection.Connect(_options, _version), cancellationToken).ConfigureAwait(false);
            if (reply.ResultCode != MqttClientConnectResultCode.Success)
            {
                return Fail($"It answered {reply.ResultCode}.", mayBeVersion: reply.ResultCode is MqttClientConnectResultCode.UnsupportedProtocolVersion or UnacceptableVersionOf311);
            }
            _hasConnection = true;
            if (!reply.IsSessionPresent)
            {
                _acknowledgements.SessionLost();
                _stored?.SessionLost();
            }
            return BrokerState.Subscribing;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // A broker that only knows 3.1.1 may close the connection without a word. One that cannot be reached, or that takes its time, says nothing of versions.
            return Fail(failure.GetBaseException().Message, mayBeVersion: failure is MqttConnectingFailedException && failure.GetBaseException() is not MqttCommunicationTimedOutException);
        }
    }

    private async Task<BrokerState> SubscribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            MqttClientSubscribeResult reply = await _client.SubscribeAsync(BrokerConnection.Subscribe(_options, _version), cancellationToken).ConfigureAwait(false);
            foreach (MqttClientSubscribeResultItem item in reply.Items.Where(item => item.ResultCode >= MqttClientSubscribeResultCode.UnspecifiedError))
            {
                Log.NotSubscribed(_logger, _options.Name, item.TopicFilter.Topic, item.ResultCode);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return Fail(failure.GetBaseException().Message, mayBeVersion: false);
        }
        _isAway = false;
        _backoff.Reset();
        Log.Connected(_logger, _options.Name, _version);
        return BrokerState.Receiving;
    }

    /// <summary>Messages come through <see cref="ReceivedAsync"/>; this only waits for the end.</summary>
    private async Task<BrokerState> ReceiveAsync(CancellationToken cancellationToken) =>
        Fail(await _lost.Task.WaitAsync(cancellationToken).ConfigureAwait(false), mayBeVersion: false);

    private async Task<BrokerState> BackOffAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_backoff.Next(), _time, cancellationToken).ConfigureAwait(false);
        return BrokerState.Connecting;
    }

    private async Task<BrokerState> DrainAsync()
    {
        long started = _time.GetTimestamp();
        while (_client.IsConnected && _acknowledgements.Count > 0 && _time.GetElapsedTime(started) < DrainTimeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time).ConfigureAwait(false);
        }
        await DisconnectAsync().ConfigureAwait(false);
        return BrokerState.Stopped;
    }

    /// <summary>
    /// The last connection must have ended, and its end have been heard, before the next one begins: the library tells of both by the
    /// same event. It may still stand where only subscribing failed.
    /// </summary>
    private async Task EndLastAsync(CancellationToken cancellationToken)
    {
        if (!_hasConnection)
        {
            return;
        }
        await DisconnectAsync().ConfigureAwait(false);
        Task lost = _lost.Task;
        await lost.WaitAsync(_options.ConnectTimeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _hasConnection = false;
    }

    private async Task DisconnectAsync()
    {
        if (!_client.IsConnected)
        {
            return;
        }
        try
        {
            using var expired = new CancellationTokenSource(_options.ConnectTimeout, _time);
            await _client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), expired.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // It broke at the last moment; the session keeps what matters.
            Log.NotClosed(_logger, _options.Name, failure.GetBaseException().Message);
        }
    }

    private BrokerState Fail(string reason, bool mayBeVersion)
    {
        _acknowledgements.ConnectionLost();
        if (mayBeVersion)
        {
            _version = _version == MqttProtocolVersion.V500 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
        }
        if (!_isAway)
        {
            _isAway = true;
            Log.Away(_logger, _options.Name, reason);
        }
        return BrokerState.BackingOff;
    }

    private async Task ReceivedAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        received.AutoAcknowledge = false;
        if (State == BrokerState.Draining)
        {
            // Not taken and not acknowledged: the session gives it to the next run.
            return;
        }
        MqttApplicationMessage message = received.ApplicationMessage;
        byte[] topic = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(message.Topic.Length));
        byte[] payload = ArrayPool<byte>.Shared.Rent((int)message.Payload.Length);
        int topicLength = Encoding.UTF8.GetBytes(message.Topic, topic);
        message.Payload.CopyTo(payload);
        try
        {
            await TakeAsync(received, topic.AsMemory(0, topicLength), payload.AsMemory(0, (int)message.Payload.Length)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(topic);
            ArrayPool<byte>.Shared.Return(payload);
        }
    }

    private async ValueTask TakeAsync(MqttApplicationMessageReceivedEventArgs received, ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload)
    {
        bool isAwaited = received.ApplicationMessage.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
        long token = 0;
        if (isAwaited && !_acknowledgements.TryBegin(received, Hash(topic.Span, payload.Span), out token))
        {
            return;
        }
        WriteOutcome outcome = _writer.Map(topic.Span, payload.Span, received.ApplicationMessage.Retain && !_options.TakeRetained, out MessageReadings readings);
        bool isStored = false;
        if (isAwaited && outcome.HasReadings && _stored is not null)
        {
            readings = _stored.LeaveOut(received.PacketIdentifier, received.ApplicationMessage.Dup, readings);
            isStored = readings.Count == 0;
        }
        if (isStored)
        {
            _metrics.MessagesRedelivered.Add();
            ReadingWriter.Drop(readings);
        }
        bool isTaken = !outcome.HasReadings || isStored
            || await _writer.WriteAsync(readings, isAwaited ? new Delivery(_acknowledgements, token) : default, CancellationToken.None).ConfigureAwait(false);
        if (isAwaited && !isTaken)
        {
            _acknowledgements.Failed(token);
        }
        else if (isAwaited && (!outcome.HasReadings || isStored))
        {
            _acknowledgements.Committed(token);
        }
    }

    private static int Hash(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        var hash = new HashCode();
        hash.AddBytes(topic);
        hash.AddBytes(payload);
        return hash.ToHashCode();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Source} is connected by MQTT {Version}.")]
        public static partial void Connected(ILogger logger, string source, MqttProtocolVersion version);

        [LoggerMessage(LogLevel.Warning, "{Source} is away: {Reason} It is tried again until it is back; its session keeps what is published meanwhile.")]
        public static partial void Away(ILogger logger, string source, string reason);

        [LoggerMessage(LogLevel.Debug, "The connection to {Source} could not be closed in order: {Reason}")]
        public static partial void NotClosed(ILogger logger, string source, string reason);

        [LoggerMessage(LogLevel.Error, "{Source} does not let us subscribe to {Filter}: {Code}. Correct the filter or the broker's permissions.")]
        public static partial void NotSubscribed(ILogger logger, string source, string filter, MqttClientSubscribeResultCode code);
    }
}
