using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using EdgeAgent.Mqtt.Io;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Mqtt.Receiving;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// One connection from its acceptance to its end.
/// <code>
/// Greeting ──CONNACK──▶ Waiting ⇄ Working ──any ending──▶ Closing
/// </code>
/// Two loops: the reader (this one) and the writer (<see cref="PacketOutput"/>). An ending that comes from elsewhere (a deadline, a takeover, a stop)
/// is noted, the first one counts, and the reader is woken to act on it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync disposes. The token sources have neither timers nor wait handles, and may be cancelled from elsewhere at any time.")]
internal sealed class IntakeConnection
{
    private readonly IntakeTransport _transport;
    private readonly IntakeShared _shared;
    private readonly AsyncSignal _wakeWriter = new();
    private readonly AsyncSignal _progress = new();
    private readonly PacketOutput _output;
    private readonly ReceiveBuffer _received;
    private readonly CancellationTokenSource _reading = new();
    private readonly CancellationTokenSource _delivering = new();
    private readonly long _openedAt;
    private volatile Phase _phase = Phase.Greeting;
    private long _waitingSince;
    private TimeSpan _silenceLimit = Timeout.InfiniteTimeSpan;
    private IntakeEnding? _requested;
    private IntakeAdmission? _admission;
    private IntakeConversation? _conversation;
    private AcknowledgementRing? _ring;
    private volatile bool _isAborted;
    private volatile bool _isSucceeded;
    private volatile bool _isWriterDone;

    public IntakeConnection(Socket socket, IntakeShared shared)
    {
        _transport = new IntakeTransport(socket);
        _shared = shared;
        _received = new ReceiveBuffer(shared.Budget);
        _openedAt = shared.Time.GetTimestamp();
        _output = new PacketOutput(_wakeWriter, _progress, shared.Time, shared.Counters.SocketWritten);
    }

    private enum Phase
    {
        Greeting,
        Waiting,
        Working,
        Closing,
    }

    /// <summary>Runs the connection to its end. Never throws.</summary>
    public async Task RunAsync()
    {
        IntakeEnding ending;
        Task writing = Task.CompletedTask;
        try
        {
            if (_shared.Options.Tls is { } tls)
            {
                await _transport.EncryptAsync(tls, _reading.Token).ConfigureAwait(false);
            }
            writing = WriteAsync();
            ending = await ConverseAsync().ConfigureAwait(false);
            // What was asked for from elsewhere comes first, except before a fault of ours, which must be seen.
            ending = ending.Cause == IntakeCloseCause.Faulted ? ending : Volatile.Read(ref _requested) ?? ending;
        }
        catch (Exception fault)
        {
            ending = Volatile.Read(ref _requested) ?? IntakeEnding.Of(fault);
        }
        _phase = Phase.Closing;
        await FlushAsync(writing, ending).ConfigureAwait(false);
        _received.Dispose();
        await LeaveAsync(ending).ConfigureAwait(false);
        _shared.Counters.ConnectionEnded(ending.Cause);
        Report(ending.Cause, ending.Exception);
        bool isOurWord = ending.Told is not null || ending.Cause is IntakeCloseCause.Refused or IntakeCloseCause.ProtocolBroken;
        if (isOurWord && !_isAborted)
        {
            await _transport.LingerAsync(_shared.Time).ConfigureAwait(false);
        }
        await _transport.DisposeAsync().ConfigureAwait(false);
        _shared.Counters.ConnectionReleased();
    }

    /// <summary>The intake stops: read no more, but let publishes in flight be acknowledged.</summary>
    public void Stop() => Request(new IntakeEnding(IntakeCloseCause.Stopping, MqttReasonCode.ServerShuttingDown));

    /// <summary>The same client id has connected anew.</summary>
    /// <param name="isSucceeded">The session goes on with that connection, which is the return that a delayed will waits for.</param>
    public void Displace(bool isSucceeded)
    {
        _isSucceeded = isSucceeded;
        Request(new IntakeEnding(IntakeCloseCause.TakenOver, MqttReasonCode.SessionTakenOver));
        _delivering.Cancel();
    }

    /// <summary>Ends the connection without another word.</summary>
    public void Abort(IntakeEnding ending)
    {
        _isAborted = true;
        Request(ending);
        _delivering.Cancel();
        _transport.Abort();
        _progress.Set();
        _wakeWriter.Set();
    }

    /// <summary>A write is under way, or just done and not noticed yet.</summary>
    public bool IsWriting => _output.IsWriting;

    public void CheckDeadlines()
    {
        if (_output.WriteDuration() > _shared.Options.WriteTimeout)
        {
            Abort(new IntakeEnding(IntakeCloseCause.WriteTimedOut));
        }
        else if (_phase == Phase.Greeting && _shared.Time.GetElapsedTime(_openedAt) > _shared.Options.ConnectTimeout)
        {
            Abort(new IntakeEnding(IntakeCloseCause.ConnectTimedOut));
        }
        else if (_phase == Phase.Waiting
            && _silenceLimit != Timeout.InfiniteTimeSpan
            && _shared.Time.GetElapsedTime(Volatile.Read(ref _waitingSince)) > _silenceLimit)
        {
            Request(new IntakeEnding(IntakeCloseCause.KeepAliveExpired, MqttReasonCode.KeepAliveTimeout));
        }
    }

    private void Request(IntakeEnding ending)
    {
        Interlocked.CompareExchange(ref _requested, ending, null);
        _reading.Cancel();
        _progress.Set();
    }

    private async Task<IntakeEnding> ConverseAsync()
    {
        IntakeEnding? ending = await GreetAsync().ConfigureAwait(false);
        while (ending is null)
        {
            _phase = Phase.Working;
            ending = await _conversation!.WorkAsync(_reading.Token, _delivering.Token).ConfigureAwait(false);
            if (ending is null)
            {
                // Silence counts while we listen, not while the owner holds us back: then the device may have spoken long ago.
                Volatile.Write(ref _waitingSince, _shared.Time.GetTimestamp());
                _phase = Phase.Waiting;
                if (!_received.TryMakeRoom(_conversation.ExpectedLength))
                {
                    return new IntakeEnding(IntakeCloseCause.BuffersInUse, MqttReasonCode.QuotaExceeded);
                }
                bool any = await _received.ReadAsync(_transport.Stream, _conversation.ExpectedLength, _reading.Token).ConfigureAwait(false);
                ending = any ? null : new IntakeEnding(IntakeCloseCause.ConnectionLost);
            }
        }
        return ending;
    }

    private async Task<IntakeEnding?> GreetAsync()
    {
        MqttFrame frame;
        MqttFrameResult result;
        while ((result = MqttFrame.Read(_received.Unread, _shared.Options.MaximumConnectSize, out frame)) == MqttFrameResult.Incomplete)
        {
            if (!_received.TryMakeRoom(frame.Length))
            {
                return new IntakeEnding(IntakeCloseCause.BuffersInUse);
            }
            if (!await _received.ReadAsync(_transport.Stream, frame.Length, _reading.Token).ConfigureAwait(false))
            {
                return new IntakeEnding(IntakeCloseCause.ConnectionLost);
            }
        }
        if (result == MqttFrameResult.TooLarge)
        {
            return new IntakeEnding(IntakeCloseCause.PacketTooLarge);
        }
        if (result == MqttFrameResult.Malformed || frame.Type != MqttPacketType.Connect)
        {
            return new IntakeEnding(IntakeCloseCause.ProtocolBroken);
        }
        if (!ConnectPacket.TryRead(frame, out ConnectPacket connect, out MqttReadError error))
        {
            if (error == MqttReadError.UnsupportedProtocolVersion)
            {
                // In the form of 3.1.1, which clients of all other levels know.
                _output.Write(new ConnAckPacket { Reason = MqttReasonCode.UnsupportedProtocolVersion }, MqttProtocolVersion.V311);
            }
            else if (connect.Version == MqttProtocolVersion.V500)
            {
                _output.Write(new ConnAckPacket { Reason = error.ToReasonCode() }, MqttProtocolVersion.V500);
            }
            return new IntakeEnding(IntakeCloseCause.ProtocolBroken);
        }
        var greeting = new IntakeGreeting(_shared, _transport);
        if (greeting.Refuse(connect, out IntakeAdmission admission) is { } refusal)
        {
            _output.Write(new ConnAckPacket { Reason = refusal }, connect.Version);
            return new IntakeEnding(IntakeCloseCause.Refused);
        }
        _output.MaximumPacketSize = admission.MaximumReplySize;
        if (!Admit(admission))
        {
            // Whoever cannot take our terms cannot keep them either.
            _output.Write(new ConnAckPacket { Reason = MqttReasonCode.PacketTooLarge }, connect.Version);
            return new IntakeEnding(IntakeCloseCause.Refused);
        }
        _received.Consume(frame.Length);
        return null;
    }

    /// <summary>False where the device takes no packets as long as our CONNACK.</summary>
    private bool Admit(IntakeAdmission admission)
    {
        // Before the session is touched: a present session changes no length.
        if (!_output.Fits(new ConnAckPacket { Properties = admission.Reply }, admission.Version))
        {
            return false;
        }
        IntakeSession session = _shared.Sessions.Attach(admission.ClientId, admission.CleanStart, admission.SessionExpiry, this);
        session.Displaced?.Displace(isSucceeded: session.IsPresent);
        _admission = admission;
        _ring = new AcknowledgementRing(admission.Version, _shared.Options.ReceiveMaximum, _wakeWriter);
        _conversation = new IntakeConversation(_shared, admission, session, _ring, _output, _received, _progress);
        // One and a half periods [MQTT-3.1.2-22].
        _silenceLimit = admission.KeepAlive > TimeSpan.Zero ? admission.KeepAlive * 1.5 : Timeout.InfiniteTimeSpan;
        // The time for connecting is over before the device can know that it is connected.
        _phase = Phase.Working;
        _output.Write(new ConnAckPacket { SessionPresent = session.IsPresent, Properties = admission.Reply }, admission.Version);
        _output.Ring = _ring;
        return true;
    }

    private async Task WriteAsync()
    {
        try
        {
            await _output.RunAsync(_transport.Stream, mustClose: () =>
            {
                Request(new IntakeEnding(IntakeCloseCause.PublishRefused, MqttReasonCode.ImplementationSpecificError));
                _delivering.Cancel();
            }).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Abort(IntakeEnding.Of(fault));
        }
        finally
        {
            // Whoever waits for acknowledgements to leave must not wait for a loop that has ended.
            _isWriterDone = true;
            _progress.Set();
        }
    }

    /// <summary>Our last words: at a stop all acknowledgements that are still to come, then the reason for the end.</summary>
    private async Task FlushAsync(Task writing, IntakeEnding ending)
    {
        while (ending.Cause == IntakeCloseCause.Stopping && _ring is { Count: > 0 } && !_isWriterDone && !_isAborted)
        {
            await _progress.WaitAsync().ConfigureAwait(false);
        }
        _delivering.Cancel();
        if (ending.Told is { } reason && _admission is { Version: MqttProtocolVersion.V500 })
        {
            var goodbye = new DisconnectPacket { Type = MqttPacketType.Disconnect, Reason = reason };
            _ = _output.Write(goodbye with { Properties = IntakeReasons.Of(ending.Cause) }, MqttProtocolVersion.V500)
                || _output.Write(goodbye, MqttProtocolVersion.V500);
        }
        _output.Complete();
        await writing.ConfigureAwait(false);
    }

    /// <summary>Gives the session back, and leaves the will with it or publishes it.</summary>
    private async Task LeaveAsync(IntakeEnding ending)
    {
        if (_admission is not { } admission)
        {
            return;
        }
        MqttWill? will = ending.Cause is IntakeCloseCause.DisconnectedByClient or IntakeCloseCause.Stopping ? null : admission.Will;
        bool isKept = _shared.Sessions.Detach(admission.ClientId, this, _conversation?.SessionExpiry ?? admission.SessionExpiry, will);
        if (will is { } due && !isKept && !(_isSucceeded && due.Delay > TimeSpan.Zero))
        {
            await _shared.Wills.PublishAsync(admission.ClientId, due).ConfigureAwait(false);
        }
    }

    private void Report(IntakeCloseCause cause, Exception? exception) => _shared.Handler.Closed(
        new IntakeClosed { ClientId = _admission?.ClientId, RemoteEndPoint = _transport.Remote, Cause = cause, Exception = exception });
}
