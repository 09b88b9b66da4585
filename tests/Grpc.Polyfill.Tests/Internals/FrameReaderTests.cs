using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Framing;

namespace Grpc.Polyfill.Tests.Internals;

public sealed class FrameReaderTests
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    [Fact]
    public async Task Frames_are_read_the_same_however_the_bytes_are_cut()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        byte[][] messages = [.. Enumerable.Range(0, 300).Select(i => Message(random, i))];
        byte[] wire = [.. messages.SelectMany(message => RawCall.Frame(0, message))];
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var frames = new FrameReader(pipe.Reader, maxMessageSize: null);
        Task writing = Task.Run(async () =>
        {
            for (int start = 0; start < wire.Length;)
            {
                int length = Math.Min(random.Next(1, random.Next(1, 40_000)), wire.Length - start);
                await pipe.Writer.WriteAsync(wire.AsMemory(start, length));
                start += length;
            }
            await pipe.Writer.CompleteAsync();
        });

        foreach (byte[] message in messages)
        {
            Assert.True(await frames.ReadAsync(CancellationToken.None) == ReadOutcome.Message, $"seed {seed}");
            Assert.True(message.AsSpan().SequenceEqual(frames.Take(Bytes)), $"seed {seed}");
        }
        Assert.Equal(ReadOutcome.End, await frames.ReadAsync(CancellationToken.None));
        await writing;
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compressed_message_that_is_cut_short_anywhere_is_not_taken_for_a_shorter_one(string encoding)
    {
        ICompressionProvider codec = Codecs.Standard.Single(known => known.EncodingName == encoding);
        byte[] message = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i / 7))];
        var compressed = new MemoryStream();
        using (Stream compressing = codec.CreateCompressionStream(compressed, null))
        {
            compressing.Write(message);
        }
        byte[] whole = compressed.ToArray();

        Assert.Equal(ReadOutcome.Message, await ReadAsync(whole));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.True(await ReadAsync(whole[..length]) == ReadOutcome.CorruptCompression, $"{length} of {whole.Length} bytes");
        }

        async Task<ReadOutcome> ReadAsync(byte[] payload)
        {
            var frames = new FrameReader(PipeReader.Create(new ReadOnlySequence<byte>(RawCall.Frame(1, payload))), maxMessageSize: null) { Codec = codec };
            return await frames.ReadAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Frames_that_arrived_together_are_there_without_waiting()
    {
        var pipe = new Pipe();
        var frames = new FrameReader(pipe.Reader, maxMessageSize: null);
        await pipe.Writer.WriteAsync((byte[])[.. RawCall.Frame(0, [1]), .. RawCall.Frame(0, [2]), .. RawCall.Frame(0, [3])[..5]]);

        Assert.Equal(ReadOutcome.Message, await frames.ReadAsync(CancellationToken.None));
        Assert.Equal([1], frames.Take(Bytes));
        Assert.True(frames.TryRead(out ReadOutcome second));
        Assert.Equal(ReadOutcome.Message, second);
        Assert.Equal([2], frames.Take(Bytes));
        Assert.False(frames.TryRead(out _));
        ValueTask<ReadOutcome> third = frames.ReadAsync(CancellationToken.None);
        Assert.False(third.IsCompleted);
        await pipe.Writer.WriteAsync((byte[])[3]);
        Assert.Equal(ReadOutcome.Message, await third);
        Assert.Equal([3], frames.Take(Bytes));
    }

    /// <summary>The pipe stands for the sender's credit: it lets the writer go on when little enough is not given back.</summary>
    [Fact]
    public async Task A_sender_gets_its_credit_back_long_before_all_that_arrived_is_read()
    {
        const int Owed = 16 * 1024;
        const int Arrived = 10 * Owed;
        byte[] frame = RawCall.Frame(0, new byte[95]);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Arrived, resumeWriterThreshold: Arrived - Owed, useSynchronizationContext: false));
        var frames = new FrameReader(pipe.Reader, maxMessageSize: null);
        byte[] arrived = [.. Enumerable.Repeat(frame, (Arrived / frame.Length) + 1).SelectMany(bytes => bytes)];
        Task<FlushResult> resumed = pipe.Writer.WriteAsync(arrived).AsTask();
        Assert.False(resumed.IsCompleted);

        int taken = 0;
        for (; taken <= 2 * Owed; taken += frame.Length)
        {
            await frames.ReadAsync(CancellationToken.None);
            frames.Take(Bytes);
        }

        await resumed.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_last_frame_that_arrived_is_given_back_at_once()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
        var frames = new FrameReader(pipe.Reader, maxMessageSize: null);
        Task<FlushResult> resumed = pipe.Writer.WriteAsync(RawCall.Frame(0, [1, 2, 3])).AsTask();
        Assert.False(resumed.IsCompleted);

        await frames.ReadAsync(CancellationToken.None);
        frames.Take(Bytes);

        await resumed.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_read_that_was_cancelled_loses_nothing()
    {
        var pipe = new Pipe();
        var frames = new FrameReader(pipe.Reader, maxMessageSize: null);
        byte[] frame = RawCall.Frame(0, [1, 2, 3]);
        await pipe.Writer.WriteAsync(frame.AsMemory(0, 6));
        using var cancellation = new CancellationTokenSource();
        ValueTask<ReadOutcome> cancelled = frames.ReadAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cancelled);

        await pipe.Writer.WriteAsync(frame.AsMemory(6));

        Assert.Equal(ReadOutcome.Message, await frames.ReadAsync(CancellationToken.None));
        Assert.Equal([1, 2, 3], frames.Take(Bytes));
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0, 1, 9 }, nameof(ReadOutcome.BadFlag))]
    [InlineData(new byte[] { 0, 0, 0, 1, 0 }, nameof(ReadOutcome.TooLarge))]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 9 }, nameof(ReadOutcome.CompressedWithoutEncoding))]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 9 }, nameof(ReadOutcome.Truncated))]
    [InlineData(new byte[] { 0, 0 }, nameof(ReadOutcome.Truncated))]
    [InlineData(new byte[0], nameof(ReadOutcome.End))]
    public async Task A_bad_frame_is_seen_behind_a_good_one(byte[] bad, string outcome)
    {
        var pipe = new Pipe();
        var frames = new FrameReader(pipe.Reader, maxMessageSize: 100);
        await pipe.Writer.WriteAsync((byte[])[.. RawCall.Frame(0, [1]), .. bad]);
        await pipe.Writer.CompleteAsync();

        Assert.Equal(ReadOutcome.Message, await frames.ReadAsync(CancellationToken.None));
        Assert.Equal([1], frames.Take(Bytes));
        Assert.Equal(outcome, (await frames.ReadAsync(CancellationToken.None)).ToString());
    }

    /// <summary>Mostly small, so that many share a segment; some larger than several.</summary>
    private static byte[] Message(Random random, int i)
    {
        var message = new byte[random.Next(i % 10 == 0 ? 50_000 : 300)];
        random.NextBytes(message);
        return message;
    }
}
