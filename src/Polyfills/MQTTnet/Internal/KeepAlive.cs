using EdgeAgent.Mqtt.Packets;
using MQTTnet.Exceptions;

namespace MQTTnet.Internal;

/// <summary>
/// Finds out whether the server is still there (5.0, section 3.1.2.10). PINGREQ goes out when either direction has been silent for three
/// quarters of the period: early enough for the server, which waits for one and a half. The server is gone where half a period later
/// nothing at all has come. While the reader waits for the handler, silence means nothing.
/// </summary>
internal sealed class KeepAlive(PacketOutput output, TimeSpan period, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _pings = new();
    private Exception? _end;
    private long _lastRead = time.GetTimestamp();
    private volatile bool _isReaderPaused;

    /// <summary>The reader waits for the handler, or does so no longer.</summary>
    public bool IsReaderPaused
    {
        get => _isReaderPaused;
        set
        {
            Received();
            _isReaderPaused = value;
        }
    }

    /// <summary>Something has come from the server.</summary>
    public void Received() => Volatile.Write(ref _lastRead, time.GetTimestamp());

    /// <summary>Sends PINGREQ; the task completes on PINGRESP or fails with the connection.</summary>
    public Task PingAsync()
    {
        var ping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_end is not null)
            {
                return Task.FromException(_end);
            }
            _pings.Enqueue(ping);
        }
        output.Write(new PingPacket { Type = MqttPacketType.PingReq });
        return ping.Task;
    }

    /// <summary>PINGRESP has come. One that nobody asked for is a sign of life like any other.</summary>
    public void Answered()
    {
        TaskCompletionSource? ping;
        lock (_gate)
        {
            _pings.TryDequeue(out ping);
        }
        ping?.TrySetResult();
    }

    public void End(Exception failure)
    {
        TaskCompletionSource[] unanswered;
        lock (_gate)
        {
            _end = failure;
            unanswered = [.. _pings];
            _pings.Clear();
        }
        foreach (TaskCompletionSource ping in unanswered)
        {
            ping.TrySetException(failure);
            // The loop below does not look at the task when it is cancelled.
            _ = ping.Task.Exception;
        }
    }

    /// <summary>Runs until cancelled; throws where the server is gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (period == TimeSpan.Zero)
        {
            return;
        }
        TimeSpan silence = period * 0.75;
        while (true)
        {
            TimeSpan left = silence - TimeSpan.FromTicks(long.Max(SinceRead().Ticks, time.GetElapsedTime(output.LastWrite).Ticks));
            if (left > TimeSpan.Zero)
            {
                // Timers count in whole milliseconds and may fire a little early.
                await Task.Delay(left + TimeSpan.FromMilliseconds(1), time, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ProbeAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        TimeSpan patience = period / 2;
        long asked = time.GetTimestamp();
        Task answer = PingAsync();
        while (!answer.IsCompleted)
        {
            TimeSpan waited = TimeSpan.FromTicks(long.Min(time.GetElapsedTime(asked).Ticks, SinceRead().Ticks));
            if (waited >= patience)
            {
                throw new MqttCommunicationTimedOutException();
            }
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task delay = Task.Delay(patience - waited + TimeSpan.FromMilliseconds(1), time, deadline.Token);
            await Task.WhenAny(answer, delay).ConfigureAwait(false);
            await deadline.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        await answer.ConfigureAwait(false);
    }

    private TimeSpan SinceRead() => _isReaderPaused ? TimeSpan.Zero : time.GetElapsedTime(Volatile.Read(ref _lastRead));
}
