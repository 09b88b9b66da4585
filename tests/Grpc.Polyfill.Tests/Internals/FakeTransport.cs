using System.Buffers;
using System.Threading.Channels;
using Grpc.Net.Framing;

namespace Grpc.Polyfill.Tests.Internals;

/// <summary>The stream that a connection gives to a request body. It is busy with each write and flush until the test takes it.</summary>
internal sealed class FakeTransport : Stream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<Operation> _operations = Channel.CreateUnbounded<Operation>();
    private readonly TaskCompletionSource _ended = new();
    private bool _areHeadersOut;

    /// <summary>Something was asked for and not taken yet.</summary>
    public bool IsBusy => _operations.Reader.Count > 0;

    /// <summary>Completes when the body ended as it should.</summary>
    public Task Ended => _ended.Task;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void SetEnded() => _ended.SetResult();

    /// <summary>Takes a write of messages of these lengths. It looks at the bytes only now: nobody may have touched them meanwhile.</summary>
    public async Task TakeWriteAsync(params int[] expected)
    {
        Operation write = await NextAsync();
        Assert.False(write.IsFlush, "This is a flush and should be a write.");
        var frames = new ReadOnlySequence<byte>(write.Bytes);
        var lengths = new List<int>();
        while (!frames.IsEmpty)
        {
            Assert.True(FrameHeader.TryRead(frames, out FrameHeader header));
            lengths.Add((int)header.Length);
            frames = frames.Slice(FrameHeader.Size + (int)header.Length);
        }
        Assert.Equal(expected, lengths);
        await write.EndAsync();
    }

    public async Task TakeFlushAsync()
    {
        Operation flush = await NextAsync();
        Assert.True(flush.IsFlush, "This is a write and should be a flush.");
        await flush.EndAsync();
    }

    public async Task BreakAsync() => await (await NextAsync()).EndAsync(new IOException("The connection is gone."));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(StartAsync(new Operation(isFlush: false, buffer), cancellationToken));

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!_areHeadersOut)
        {
            _areHeadersOut = true;
            return Task.CompletedTask;
        }
        return StartAsync(new Operation(isFlush: true, default), cancellationToken);
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private Task StartAsync(Operation operation, CancellationToken cancellationToken)
    {
        Assert.True(_operations.Writer.TryWrite(operation));
        return operation.Task.WaitAsync(cancellationToken);
    }

    private async Task<Operation> NextAsync() => await _operations.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private sealed class Operation(bool isFlush, ReadOnlyMemory<byte> bytes)
    {
        private readonly TaskCompletionSource _taken = new();

        public bool IsFlush => isFlush;

        public ReadOnlyMemory<byte> Bytes => bytes;

        public Task Task => _taken.Task;

        /// <summary>Returns when whoever waits has done what it does then: on a thread of the pool, continuations run at once.</summary>
        public Task<bool> EndAsync(Exception? failure = null) => System.Threading.Tasks.Task.Run(() =>
            failure is null ? _taken.TrySetResult() : _taken.TrySetException(failure));
    }
}
