using System.Buffers;
using System.IO.Pipelines;
using EdgeAgent.Testing;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Framing;
using Xunit.Abstractions;

namespace Grpc.Polyfill.Tests.Internals;

/// <summary>Whatever bytes come, in whatever pieces: frames are read to the named outcome that a plain reading of the grammar gives.</summary>
public sealed class FrameFuzzTests(ITestOutputHelper output)
{
    private const int MaximumMessage = 2000;

    private static readonly ICompressionProvider s_gzip = Codecs.Standard.First();

    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(
        static (byte[] message, SerializationContext context) => context.Complete(message),
        static context => context.PayloadAsReadOnlySequence().ToArray());

    [Fact]
    public async Task Frames_come_out_as_a_plain_reading_of_the_grammar_says()
    {
        var outcomes = new Dictionary<ReadOutcome, int>();
        int rounds = await Fuzz.RunAsync(TimeSpan.FromSeconds(2), async mutator =>
        {
            byte[] bytes = Compose(mutator);
            ICompressionProvider? codec = mutator.OneIn(4) ? null : s_gzip;
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 16, useSynchronizationContext: false));
            // The reader at work before the bytes are there, or after.
            Task writing = mutator.OneIn(2) ? WriteAsync(pipe.Writer, mutator, bytes) : Task.CompletedTask;
            Task checking = CheckAsync(pipe.Reader, codec, bytes, outcomes);
            await (writing.IsCompleted && !checking.IsCompleted ? WriteAsync(pipe.Writer, mutator, bytes) : writing);
            await checking.WaitAsync(TimeSpan.FromSeconds(10));
        });
        output.WriteLine($"{rounds} rounds: {string.Join(", ", outcomes)}");
        foreach (ReadOutcome outcome in Enum.GetValues<ReadOutcome>())
        {
            Assert.True(rounds < 5000 || outcomes.ContainsKey(outcome), $"{outcome} was never met: the samples miss something.");
        }
    }

    private static async Task CheckAsync(PipeReader pipe, ICompressionProvider? codec, byte[] bytes, Dictionary<ReadOutcome, int> outcomes)
    {
        var reader = new FrameReader(pipe, MaximumMessage) { Codec = codec };
        ReadOnlyMemory<byte> rest = bytes;
        ReadOutcome outcome;
        do
        {
            ReadOutcome? expected = Expect(ref rest, codec, out ReadOnlyMemory<byte> payload, out bool isCompressed);
            outcome = await reader.ReadAsync(CancellationToken.None);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (isCompressed)
            {
                Assert.Contains(outcome, new[] { ReadOutcome.Message, ReadOutcome.TooLarge, ReadOutcome.CorruptCompression });
            }
            else
            {
                Assert.Equal(expected, outcome);
            }
            if (outcome == ReadOutcome.Message)
            {
                byte[] message = reader.Take(s_bytes);
                Assert.InRange(message.Length, 0, MaximumMessage);
                Assert.True(isCompressed || message.AsSpan().SequenceEqual(payload.Span));
            }
        }
        while (outcome == ReadOutcome.Message);
        await reader.CompleteAsync();
    }

    /// <summary>The grammar, read from one piece of memory. Null where the inflater decides.</summary>
    private static ReadOutcome? Expect(ref ReadOnlyMemory<byte> rest, ICompressionProvider? codec, out ReadOnlyMemory<byte> payload, out bool isCompressed)
    {
        payload = default;
        isCompressed = false;
        if (rest.Length < FrameHeader.Size)
        {
            return rest.IsEmpty ? ReadOutcome.End : ReadOutcome.Truncated;
        }
        ReadOnlySpan<byte> header = rest.Span[..FrameHeader.Size];
        long length = ((long)header[1] << 24) | ((long)header[2] << 16) | ((long)header[3] << 8) | header[4];
        if (header[0] > 1)
        {
            return ReadOutcome.BadFlag;
        }
        if (length > MaximumMessage)
        {
            return ReadOutcome.TooLarge;
        }
        if (header[0] == 1 && codec is null)
        {
            return ReadOutcome.CompressedWithoutEncoding;
        }
        if (rest.Length < FrameHeader.Size + length)
        {
            return ReadOutcome.Truncated;
        }
        payload = rest.Slice(FrameHeader.Size, (int)length);
        rest = rest[(FrameHeader.Size + (int)length)..];
        isCompressed = header[0] == 1;
        return isCompressed ? null : ReadOutcome.Message;
    }

    private static byte[] Compose(Mutator mutator)
    {
        IEnumerable<byte> bytes = [];
        for (int frames = mutator.Random.Next(1, 6); frames > 0; frames--)
        {
            byte[] message = new byte[mutator.OneIn(8) ? mutator.Random.Next(3000) : mutator.Random.Next(50)];
            if (mutator.OneIn(2))
            {
                mutator.Random.NextBytes(message);
            }
            bytes = bytes.Concat(Frame(message, mutator.OneIn(3) ? s_gzip : null));
        }
        byte[] sound = [.. bytes];
        return mutator.OneIn(4) ? sound : mutator.Mutate(sound);
    }

    private static byte[] Frame(byte[] message, ICompressionProvider? codec) =>
        new FrameWriter(maxMessageSize: null).Write(message, s_bytes.ContextualSerializer, codec).ToArray();

    private static async Task WriteAsync(PipeWriter writer, Mutator mutator, byte[] bytes)
    {
        foreach (ReadOnlyMemory<byte> piece in mutator.Split(bytes))
        {
            await writer.WriteAsync(piece);
        }
        await writer.CompleteAsync();
    }
}
