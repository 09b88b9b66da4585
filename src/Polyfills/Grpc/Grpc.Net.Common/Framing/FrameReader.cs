using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Framing;

/// <summary>
/// Reads frames from a pipe, only when asked to: while nobody reads, nothing is taken from the transport and its flow control holds the
/// sender back. The most that is held is one message of the allowed size.
/// </summary>
internal sealed class FrameReader(PipeReader pipe, int? maxMessageSize)
{
    private readonly Payload _payload = new();
    private readonly FrameBuffer _inflated = new();
    private SequencePosition _consumed;

    /// <summary>What compressed frames are compressed with; null where the call named nothing.</summary>
    public ICompressionProvider? Codec { get; set; }

    /// <summary>Reads the next frame. After <see cref="ReadOutcome.Message"/>, <see cref="Take"/> must follow.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOutcome> ReadAsync(CancellationToken cancellationToken)
    {
        ReadResult result = await pipe.ReadAtLeastAsync(FrameHeader.Size, cancellationToken).ConfigureAwait(false);
        ReadOnlySequence<byte> buffer = result.Buffer;
        if (buffer.Length < FrameHeader.Size)
        {
            return Fail(buffer, buffer.IsEmpty ? ReadOutcome.End : ReadOutcome.Truncated);
        }
        if (!FrameHeader.TryRead(buffer, out FrameHeader header))
        {
            return Fail(buffer, ReadOutcome.BadFlag);
        }
        if (header.Length > (maxMessageSize ?? Array.MaxLength))
        {
            return Fail(buffer, ReadOutcome.TooLarge);
        }
        if (header.IsCompressed && Codec is null)
        {
            return Fail(buffer, ReadOutcome.CompressedWithoutEncoding);
        }
        int frameLength = FrameHeader.Size + (int)header.Length;
        if (buffer.Length < frameLength)
        {
            pipe.AdvanceTo(buffer.Start);
            result = await pipe.ReadAtLeastAsync(frameLength, cancellationToken).ConfigureAwait(false);
            buffer = result.Buffer;
            if (buffer.Length < frameLength)
            {
                return Fail(buffer, ReadOutcome.Truncated);
            }
        }
        ReadOnlySequence<byte> frame = buffer.Slice(0, frameLength);
        ReadOnlySequence<byte> payload = frame.Slice(FrameHeader.Size);
        _consumed = frame.End;
        if (!header.IsCompressed)
        {
            _payload.Set(payload);
            return ReadOutcome.Message;
        }
        ReadOutcome outcome = Inflate(payload);
        if (outcome != ReadOutcome.Message)
        {
            Release();
        }
        return outcome;
    }

    /// <summary>Deserializes the message that was read, and gives its buffers back to the pipe, and so credit to the sender.</summary>
    public T Take<T>(Marshaller<T> marshaller)
    {
        try
        {
            return marshaller.ContextualDeserializer(_payload);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Ends reading for good. Not while a read is under way.</summary>
    public ValueTask CompleteAsync() => pipe.CompleteAsync();

    private void Release()
    {
        _payload.Set(default);
        _inflated.Return();
        pipe.AdvanceTo(_consumed);
    }

    private ReadOutcome Fail(ReadOnlySequence<byte> buffer, ReadOutcome outcome)
    {
        pipe.AdvanceTo(buffer.End);
        return outcome;
    }

    /// <summary>Inflates into a rented buffer that stops growing at the limit, so that a bomb costs no more than a large message.</summary>
    private ReadOutcome Inflate(ReadOnlySequence<byte> payload)
    {
        int limit = maxMessageSize ?? Array.MaxLength - FrameHeader.Size;
        try
        {
            using Stream stream = Codec!.CreateDecompressionStream(new SequenceStream(payload));
            while (true)
            {
                int read = stream.Read(_inflated.GetSpan());
                if (read == 0)
                {
                    break;
                }
                _inflated.Advance(read);
                if (_inflated.PayloadLength > limit)
                {
                    return ReadOutcome.TooLarge;
                }
            }
        }
        catch (InvalidDataException)
        {
            return ReadOutcome.CorruptCompression;
        }
        _payload.Set(_inflated.PayloadSequence);
        return ReadOutcome.Message;
    }
}
