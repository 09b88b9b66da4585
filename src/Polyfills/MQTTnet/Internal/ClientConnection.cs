using EdgeAgent.Mqtt.Packets;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>
/// One connection from CONNACK to its end: a loop that reads, one that writes, one that keeps alive, and one that hands messages over. The
/// first of them to end, for whatever reason, ends all.
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    /// <summary>For what was sent last to arrive: DISCONNECT, and the server's end of the stream. Enough for a slow link's round trip.</summary>
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    private readonly ServerTransport _transport;
    private readonly PacketInput _input;
    private readonly PacketOutput _output;
    private readonly KeepAlive _keepAlive;
    private readonly MessageQueue _messages = new();
    private readonly ReceivedOrder _order;
    private readonly PendingRequests _requests;
    private readonly ServerAnswers _answers;
    private readonly MessageReader _reader;
    private readonly WireVersion _version;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<ConnectionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConnectionEnd? _wanted;

    public ClientConnection(
        ServerTransport transport,
        PacketInput input,
        MqttClientOptions options,
        WireVersion version,
        MqttClientConnectResult answer,
        ClientSession session,
        TimeProvider time)
    {
        _transport = transport;
        _input = input;
        _version = version;
        _time = time;
        _output = new PacketOutput(version, time);
        TimeSpan period = answer.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(answer.ServerKeepAlive) : options.KeepAlivePeriod;
        _keepAlive = new KeepAlive(_output, period, time);
        _requests = new PendingRequests(session);
        var gate = new PublishGate(_output, answer.ReceiveMaximum is > 0 and ushort quota ? quota : ushort.MaxValue, _stopping.Token);
        var limits = new ServerLimits(answer, version);
        Publisher = new Publisher(_output, _requests, gate, version, limits);
        _order = new ReceivedOrder(session.Incoming, _output, limits, version);
        _answers = new ServerAnswers(_output, _requests, gate, session, version);
        string clientId = answer.AssignedClientIdentifier ?? options.ClientId;
        _reader = new MessageReader(new ReceivedMessages(options.TopicAliasMaximum), _order, _messages, version, clientId);
        foreach (ushort packetId in session.Resume(answer.IsSessionPresent))
        {
            _output.Write(new AcknowledgePacket { Type = MqttPacketType.PubRel, PacketId = packetId });
        }
    }

    public Publisher Publisher { get; }

    public bool IsAlive => !_end.Task.IsCompleted && _wanted is null;

    /// <summary>Runs the connection to its end. Never throws.</summary>
    public async Task<ConnectionEnd> RunAsync()
    {
        Task loops = Task.WhenAll(
            GuardAsync(() => ReadAsync(_stopping.Token)),
            GuardAsync(() => _output.RunAsync(_transport.Stream, _stopping.Token)),
            GuardAsync(() => _keepAlive.RunAsync(_stopping.Token)));
        ConnectionEnd end = await _end.Task.ConfigureAwait(false);
        if (end.IsTold && _version == WireVersion.V500)
        {
            _output.Write(new DisconnectPacket { Type = MqttPacketType.Disconnect, Reason = (EdgeAgent.Mqtt.MqttReasonCode)end.Reason });
            _output.Complete();
            await _output.Written.WaitAsync(GoodbyeTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _messages.End();
        _order.End();
        _output.End();
        await _stopping.CancelAsync().ConfigureAwait(false);
        _transport.Dispose();
        await loops.ConfigureAwait(false);
        _input.Dispose();
        _requests.End(end.Failure);
        _keepAlive.End(end.Failure);
        return end;
    }

    /// <summary>Hands messages over, one after the other, until the connection ends.</summary>
    public async Task DeliverAsync(Func<MqttApplicationMessageReceivedEventArgs, Task> handler)
    {
        while (await _messages.TakeAsync().ConfigureAwait(false) is { } message)
        {
            if (message.TryHandOver())
            {
                await handler(message).ConfigureAwait(false);
            }
        }
    }

    public Task PingAsync() => _keepAlive.PingAsync();

    /// <summary>Sends all that is on its way, then DISCONNECT, and closes.</summary>
    public async Task CloseAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken)
    {
        var end = ConnectionEnd.Wanted((MqttClientDisconnectReason)options.Reason);
        _wanted = end;
        try
        {
            _output.Write(OutgoingPackets.Disconnect(options));
            _output.Complete();
            await _output.Written.WaitAsync(cancellationToken).ConfigureAwait(false);
            // DISCONNECT is sent, so what fails from here on is no failure. The server closes when it has read DISCONNECT [MQTT-3.14.4-3];
            // to close earlier might discard what is on its way.
            await _transport.FinishSendingAsync().WaitAsync(GoodbyeTimeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Task closed = _end.Task;
            await closed.WaitAsync(GoodbyeTimeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _end.TrySetResult(end);
        }
    }

    /// <summary>Ends the connection at once and without a word.</summary>
    public void Abort() => _end.TrySetResult(ConnectionEnd.Wanted(MqttClientDisconnectReason.UnspecifiedError));

    public void Dispose()
    {
        _stopping.Dispose();
        _transport.Dispose();
        _input.Dispose();
    }

    /// <summary>Turns a loop's exception into the connection's end, unless it is ending anyway.</summary>
    private async Task GuardAsync(Func<Task> loop)
    {
        try
        {
            await loop().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _end.TrySetResult(_wanted ?? ConnectionEnd.Of(failure));
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        do
        {
            _keepAlive.Received();
            while (_input.TryTake(out MqttFrame frame))
            {
                if (frame.Type == MqttPacketType.Publish)
                {
                    if (!_reader.Read(frame))
                    {
                        _keepAlive.IsReaderPaused = true;
                        await _messages.WaitForRoomAsync().ConfigureAwait(false);
                        _keepAlive.IsReaderPaused = false;
                    }
                }
                else if (frame.Type == MqttPacketType.PingResp)
                {
                    if (!PingPacket.TryRead(frame, out _, out MqttReadError error))
                    {
                        throw ProtocolBreachException.Unreadable(frame.Type, error);
                    }
                    _keepAlive.Answered();
                }
                else if (_answers.Read(frame) is { } end)
                {
                    _end.TrySetResult(_wanted ?? end);
                    return;
                }
                await _output.WaitForRoomAsync(PacketOutput.ReplyBacklog, cancellationToken).ConfigureAwait(false);
            }
        }
        while (await _input.ReadAsync(cancellationToken).ConfigureAwait(false));
        _end.TrySetResult(_wanted ?? ConnectionEnd.Closed());
    }
}
