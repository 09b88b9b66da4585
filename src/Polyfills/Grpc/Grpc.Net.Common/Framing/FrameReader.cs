using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Framing;

/// <summary>
/// Reads frames from a pipe, only when asked to: while nobody reads, nothing is taken from the transport and its flow control holds the
/// sender back. Frames that arrived together are taken from what one read of the pipe brought, without asking it again.
/// The most that is held is one message of the allowed size, and <see cref="MaxOwed"/>.
/// </summary>
internal sealed class FrameReader(PipeReader pipe, int? maxMessageSize)
{
    /// <summary>
    /// How many bytes of messages already taken the pipe may have to wait for, and with it the sender for its credit: a DATA frame at its
    /// usual largest (16 KiB), a quarter of the smallest window that is usual (64 KiB).
    /// </summary>
    private const int MaxOwed = 16 * 1024;

    private readonly Payload _payload = new();
    private readonly FrameBuffer _inflated = new();

    /// <summary>What the last read of the pipe brought, less the frames that were taken. Starts with a frame.</summary>
    private ReadOnlySequence<byte> _received;

    private bool _isReceivedHeld;
    private int _frameLength;
    private int _owed;

    /// <summary>What compressed frames are compressed with; null where the call named nothing.</summary>
    public ICompressionProvider? Codec { get; set; }

    /// <summary>Reads the next frame if all of it is here already. After <see cref="ReadOutcome.Message"/>, <see cref="Take"/> must follow.</summary>
    /// <returns>False where more has to be received first.</returns>
    public bool TryRead(out ReadOutcome outcome)
    {
        outcome = default;
        if (_received.Length < FrameHeader.Size)
        {
            return false;
        }
        if (!FrameHeader.TryRead(_received, out FrameHeader header))
        {
            outcome = Fail(ReadOutcome.BadFlag);
            return true;
        }
        if (header.Length > (maxMessageSize ?? Array.MaxLength - FrameHeader.Size))
        {
            outcome = Fail(ReadOutcome.TooLarge);
            return true;
        }
        if (header.IsCompressed && Codec is null)
        {
            outcome = Fail(ReadOutcome.CompressedWithoutEncoding);
            return true;
        }
        _frameLength = FrameHeader.Size + (int)header.Length;
        if (_received.Length < _frameLength)
        {
            return false;
        }
        ReadOnlySequence<byte> payload = _received.Slice(FrameHeader.Size, header.Length);
        outcome = ReadOutcome.Message;
        if (header.IsCompressed)
        {
            outcome = Inflate(payload);
            if (outcome != ReadOutcome.Message)
            {
                Release();
            }
        }
        else
        {
            _payload.Set(payload);
        }
        return true;
    }

    /// <summary>Reads the next frame. After <see cref="ReadOutcome.Message"/>, <see cref="Take"/> must follow.</summary>
    public ValueTask<ReadOutcome> ReadAsync(CancellationToken cancellationToken) =>
        TryRead(out ReadOutcome outcome) ? new ValueTask<ReadOutcome>(outcome) : ReceiveAsync(cancellationToken);

    /// <summary>Deserializes the message that was read, and lets go of its buffers.</summary>
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

    /// <summary>Receives until a whole frame is there.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOutcome> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            GiveBack(_received.End);
            ReadResult result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            _received = result.Buffer;
            _isReceivedHeld = true;
            if (TryRead(out ReadOutcome outcome))
            {
                return outcome;
            }
            if (result.IsCompleted)
            {
                return Fail(_received.IsEmpty ? ReadOutcome.End : ReadOutcome.Truncated);
            }
        }
    }

    /// <summary>The frame is done with.</summary>
    private void Release()
    {
        _payload.Set(default);
        _inflated.Return();
        _received = _received.Slice(_frameLength);
        _owed += _frameLength;
        if (_owed > MaxOwed || _received.IsEmpty)
        {
            GiveBack(_received.Start);
        }
    }

    private ReadOutcome Fail(ReadOutcome outcome)
    {
        _received = _received.Slice(_received.End);
        GiveBack(_received.End);
        return outcome;
    }

    /// <summary>Gives the frames that were taken back to the pipe, and so credit to the sender.</summary>
    /// <param name="examined">The next read of the pipe waits for something behind it.</param>
    private void GiveBack(SequencePosition examined)
    {
        if (_isReceivedHeld)
        {
            pipe.AdvanceTo(_received.Start, examined);
        }
        _isReceivedHeld = false;
        _received = default;
        _owed = 0;
    }

    /// <summary>Inflates into a rented buffer that stops growing at the limit, so that a bomb costs no more than a large message.</summary>
    private ReadOutcome Inflate(ReadOnlySequence<byte> payload)
    {
        int limit = maxMessageSize ?? Array.MaxLength - FrameHeader.Size;
        try
        {
            using var compressed = new SequenceStream(payload);
            using Stream stream = Codec!.CreateDecompressionStream(compressed);
            while (true)
            {
                int read = stream.Read(_inflated.GetSpan());
                if (read == 0)
                {
                    break;
                }
                _inflated.Advance(read);
                if (_inflated.Length > limit)
                {
                    return ReadOutcome.TooLarge;
                }
            }
            if (!WholeStream.IsWhole(Codec.EncodingName, payload, compressed.IsOverread, _inflated.Length))
            {
                return ReadOutcome.CorruptCompression;
            }
        }
        catch (InvalidDataException)
        {
            return ReadOutcome.CorruptCompression;
        }
        _payload.Set(new ReadOnlySequence<byte>(_inflated.Written));
        return ReadOutcome.Message;
    }
}
