using System.Threading.Tasks.Sources;
using Grpc.Net.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// Carries frames from the writer to the transport. While the transport is busy with one buffer, the writer fills another, which then goes
/// as a whole: a writer that is ahead pays one pass through the transport for many messages, and one that is not waits for nothing.
/// It may be ahead by <see cref="GatherLimit"/> and one message; a message above <see cref="LargestLeftBehind"/> is waited for.
/// </summary>
internal sealed partial class RequestPump : IValueTaskSource
{
    /// <summary>How many bytes are gathered: four DATA frames of 16 KiB. Larger writes gain nothing, and a slow line holds them in memory.</summary>
    internal const int GatherLimit = 64 * 1024;

    /// <summary>
    /// Up to how many bytes may be with the transport while more are gathered: what was gathered, with a last message of the same size.
    /// With larger ones, the memory would be twice the message.
    /// </summary>
    internal const int LargestLeftBehind = 2 * GatherLimit;

    private readonly RequestStreamContent _content;
    private readonly CancellationToken _ended;
    private readonly Lock _gate = new();
    private Stage _stage;
    private FrameWriter _sending;
    private FrameWriter _filling;

    /// <summary>The writer is at it: hands off <see cref="_filling"/>.</summary>
    private bool _isFilling;

    /// <summary>Something in <see cref="_filling"/> must not wait for more.</summary>
    private bool _isDue;

    private bool _isComplete;
    private Exception? _failure;

    /// <summary>What the writer waits for. There is one writer, and it waits for one thing at a time.</summary>
    private Condition _awaited;
    private ManualResetValueTaskSourceCore<bool> _wait;

    /// <param name="content">Has the stream to write into.</param>
    /// <param name="createWriter">Makes a buffer for frames; called twice.</param>
    /// <param name="ended">The call ended: nothing more is to be sent.</param>
    public RequestPump(RequestStreamContent content, Func<FrameWriter> createWriter, CancellationToken ended)
    {
        _content = content;
        _ended = ended;
        _sending = createWriter();
        _filling = createWriter();
        _resume = Resume;
    }

    private enum Stage
    {
        /// <summary>Nothing is due. What has been written is sent, or may wait.</summary>
        Idle,

        /// <summary>The transport is busy, or about to be.</summary>
        Sending,

        /// <summary>All is sent, and the stream of requests has its end.</summary>
        Ended,

        /// <summary>The transport failed, or the call ended. Nothing more is sent.</summary>
        Failed,
    }

    private enum Condition
    {
        /// <summary>The writer does not wait.</summary>
        None,

        /// <summary>Another message may be written.</summary>
        Room,

        /// <summary>The transport has taken everything.</summary>
        Drained,
    }

    /// <summary>Where the next message goes. <see cref="EndMessageAsync"/> or <see cref="AbandonMessage"/> must follow.</summary>
    public FrameWriter BeginMessage()
    {
        lock (_gate)
        {
            _isFilling = true;
            return _filling;
        }
    }

    /// <summary>Sends the message.</summary>
    /// <param name="mayWait">It may wait for those that follow.</param>
    /// <returns>Completes when there is room for the next one; fails with what the transport failed with.</returns>
    public ValueTask EndMessageAsync(bool mayWait)
    {
        lock (_gate)
        {
            _isFilling = false;
            _isDue |= !mayWait || _filling.Length >= GatherLimit;
            if (!TakesFirstTurn())
            {
                return UntilAsync(Condition.Room);
            }
        }
        return BeginAsync(Condition.Room);
    }

    /// <summary>The message could not be written. Those before it go on their way.</summary>
    public void AbandonMessage()
    {
        lock (_gate)
        {
            _isFilling = false;
            if (_stage != Stage.Sending)
            {
                LetGoOfMemory();
            }
            if (!TakesFirstTurn())
            {
                return;
            }
        }
        Begin();
    }

    /// <summary>Sends the rest, and ends the stream of requests.</summary>
    /// <returns>Completes when the transport has taken everything, or never will.</returns>
    public ValueTask CompleteAsync()
    {
        lock (_gate)
        {
            _isComplete = true;
            _isDue = _filling.Length > 0;
            if (!TakesFirstTurn())
            {
                if (_stage == Stage.Idle)
                {
                    End();
                }
                return UntilAsync(Condition.Drained);
            }
        }
        return BeginAsync(Condition.Drained);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    private bool TakesFirstTurn()
    {
        if (_stage != Stage.Idle || !_isDue)
        {
            return false;
        }
        _stage = Stage.Sending;
        Swap();
        return true;
    }

    private ValueTask BeginAsync(Condition awaited)
    {
        Begin();
        lock (_gate)
        {
            return UntilAsync(awaited);
        }
    }

    private void End()
    {
        _stage = Stage.Ended;
        LetGoOfMemory();
        _content.Complete();
    }

    /// <summary>A stream that is silent holds no memory, nor does one that has failed.</summary>
    private void LetGoOfMemory()
    {
        _sending.Release();
        if (!_isFilling && (_filling.Length == 0 || _stage == Stage.Failed))
        {
            _filling.Release();
        }
    }

    private void Swap()
    {
        (_sending, _filling) = (_filling, _sending);
        _isDue = false;
    }

    private ValueTask UntilAsync(Condition condition)
    {
        if (_stage == Stage.Failed && condition == Condition.Room)
        {
            LetGoOfMemory();
            return ValueTask.FromException(_failure!);
        }
        if (IsMet(condition))
        {
            return ValueTask.CompletedTask;
        }
        _awaited = condition;
        _wait.Reset();
        return new ValueTask(this, _wait.Version);
    }

    /// <summary>Before there is a connection, nothing is ahead of anything: the first message waits for it.</summary>
    private bool IsMet(Condition condition) => _stage != Stage.Sending || (condition == Condition.Room
        ? _stream is not null && _filling.Length < GatherLimit && _sending.Length <= LargestLeftBehind
        : _filling.Length == 0 && _sending.Length == 0);
}
