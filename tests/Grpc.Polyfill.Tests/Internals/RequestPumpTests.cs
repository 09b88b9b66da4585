using Grpc.Net.Client.Internal;
using Grpc.Net.Framing;

namespace Grpc.Polyfill.Tests.Internals;

public sealed class RequestPumpTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTransport _transport = new();
    private readonly RequestStreamContent _content = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly RequestPump _pump;

    public RequestPumpTests() => _pump = new RequestPump(_content, () => new FrameWriter(maxMessageSize: null), _ended.Token);

    [Fact]
    public async Task The_first_message_waits_for_the_connection()
    {
        Task first = WriteAsync(1).AsTask();
        Assert.False(first.IsCompleted);

        Connect();

        await _transport.TakeWriteAsync(1);
        await first.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_message_goes_out_and_is_flushed_without_another_one()
    {
        await OpenAsync();

        await WriteAsync(2);

        await _transport.TakeWriteAsync(2);
        await _transport.TakeFlushAsync();
    }

    [Fact]
    public async Task Messages_that_meet_a_busy_transport_go_together_and_are_flushed_once()
    {
        await OpenAsync();
        foreach (int length in (int[])[1, 2, 3, 4])
        {
            ValueTask written = WriteAsync(length);
            Assert.True(written.IsCompletedSuccessfully);
            await written;
        }

        await _transport.TakeWriteAsync(1);
        await _transport.TakeWriteAsync(2, 3, 4);
        await _transport.TakeFlushAsync();
    }

    [Fact]
    public async Task A_message_that_meets_a_flush_goes_next()
    {
        await OpenAsync();
        await WriteAsync(1);
        await _transport.TakeWriteAsync(1);
        await WriteAsync(2);

        await _transport.TakeFlushAsync();

        await _transport.TakeWriteAsync(2);
        await _transport.TakeFlushAsync();
    }

    [Fact]
    public async Task A_writer_that_is_ahead_by_the_limit_waits_until_the_transport_takes_it_over()
    {
        await OpenAsync();
        await WriteAsync(1);
        Task ahead = WriteAsync(RequestPump.GatherLimit).AsTask();
        Assert.False(ahead.IsCompleted);

        await _transport.TakeWriteAsync(1);

        await ahead.WaitAsync(Patience);
        await _transport.TakeWriteAsync(RequestPump.GatherLimit);
    }

    [Fact]
    public async Task A_large_message_is_waited_for()
    {
        await OpenAsync();
        Task large = WriteAsync(RequestPump.LargestLeftBehind).AsTask();
        Assert.False(large.IsCompleted);

        await _transport.TakeWriteAsync(RequestPump.LargestLeftBehind);

        await large.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_message_that_may_wait_goes_with_the_next_that_may_not()
    {
        await OpenAsync();
        await WriteAsync(2, mayWait: true);
        await WriteAsync(3, mayWait: true);
        Assert.False(_transport.IsBusy);

        await WriteAsync(4);

        await _transport.TakeWriteAsync(2, 3, 4);
        await _transport.TakeFlushAsync();
    }

    [Fact]
    public async Task Messages_that_may_wait_go_when_the_limit_is_gathered()
    {
        const int Frame = 1024;
        await OpenAsync();
        for (int gathered = 0; gathered < RequestPump.GatherLimit; gathered += Frame)
        {
            Assert.False(_transport.IsBusy);
            await WriteAsync(Frame - FrameHeader.Size, mayWait: true);
        }

        await _transport.TakeWriteAsync([.. Enumerable.Repeat(Frame - FrameHeader.Size, RequestPump.GatherLimit / Frame)]);
    }

    [Fact]
    public async Task The_end_comes_behind_everything_even_what_might_have_waited()
    {
        await OpenAsync();
        await WriteAsync(1);
        await WriteAsync(2, mayWait: true);
        Task completed = _pump.CompleteAsync().AsTask();
        await _transport.TakeWriteAsync(1);
        Assert.False(completed.IsCompleted);
        Assert.False(_transport.Ended.IsCompleted);

        await _transport.TakeWriteAsync(2);

        await completed.WaitAsync(Patience);
        await _transport.Ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_stream_without_messages_ends()
    {
        Connect();

        await _pump.CompleteAsync();

        await _transport.Ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_breaks_the_transport_is_told_to_the_write_that_waits_and_to_every_later_one()
    {
        await OpenAsync();
        Task waits = WriteAsync(RequestPump.LargestLeftBehind).AsTask();
        Assert.False(waits.IsCompleted);

        await _transport.BreakAsync();

        await Assert.ThrowsAsync<IOException>(() => waits.WaitAsync(Patience));
        await Assert.ThrowsAsync<IOException>(async () => await WriteAsync(1));
    }

    [Fact]
    public async Task A_broken_stream_does_not_end_as_if_it_were_whole()
    {
        await OpenAsync();
        await WriteAsync(1);
        Task completed = _pump.CompleteAsync().AsTask();

        await _transport.BreakAsync();

        await completed.WaitAsync(Patience);
        Assert.False(_transport.Ended.IsCompleted);
    }

    [Fact]
    public async Task The_end_of_the_call_releases_a_writer()
    {
        await OpenAsync();
        Task waits = WriteAsync(RequestPump.LargestLeftBehind).AsTask();
        Assert.False(waits.IsCompleted);

        await _ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_message_that_cannot_be_serialized_does_not_hold_up_those_before_it()
    {
        await OpenAsync();
        await WriteAsync(1);
        await WriteAsync(2);
        FrameWriter frames = _pump.BeginMessage();
        // While a message is being written, its buffer does not go.
        await _transport.TakeWriteAsync(1);
        await _transport.TakeFlushAsync();
        Assert.Throws<FormatException>(() => frames.Write(7, static (length, context) =>
        {
            context.GetBufferWriter().GetSpan(length);
            context.GetBufferWriter().Advance(length);
            throw new FormatException();
        }, null));

        _pump.AbandonMessage();

        await _transport.TakeWriteAsync(2);
        await _transport.TakeFlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _content.Abandon();
        _content.Dispose();
        _ended.Dispose();
        await _transport.DisposeAsync();
    }

    /// <summary>Connects, and gets the first message out of the way.</summary>
    private async Task OpenAsync()
    {
        Connect();
        Task first = WriteAsync(9).AsTask();
        await _transport.TakeWriteAsync(9);
        await first.WaitAsync(Patience);
        await _transport.TakeFlushAsync();
    }

    private void Connect() => _ = CopyAsync();

    private async Task CopyAsync()
    {
        try
        {
            await _content.CopyToAsync(_transport, null, CancellationToken.None);
            _transport.SetEnded();
        }
        catch (OperationCanceledException)
        {
            // Abandoned at the end of the test.
        }
    }

    private ValueTask WriteAsync(int length, bool mayWait = false)
    {
        FrameWriter frames = _pump.BeginMessage();
        frames.Write(new byte[length], static (bytes, context) => context.Complete(bytes), codec: null);
        return _pump.EndMessageAsync(mayWait);
    }
}
