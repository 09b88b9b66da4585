using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Framing;

/// <summary>
/// Serializes messages into frames, one behind the other in one buffer, until they are cleared away. Belongs to one call and is reused by
/// its messages.
/// </summary>
internal sealed class FrameWriter(int? maxMessageSize) : SerializationContext
{
    private readonly FrameBuffer _frames = new();

    /// <summary>Payloads on their way to the compressor.</summary>
    private FrameBuffer? _plain;

    /// <summary>Where the serializer writes: straight behind the room for the header, unless the payload is to be compressed.</summary>
    private FrameBuffer? _target;

    private bool _isComplete;

    /// <summary>The length of all frames that were written and not cleared away.</summary>
    public int Length => _frames.Length;

    /// <summary>All of them. Valid until the next message, <see cref="Clear"/> or <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Written => _frames.Written;

    /// <summary>Serializes a message behind those before it; where that fails, they stay as they are.</summary>
    /// <param name="message">The message.</param>
    /// <param name="serializer">Its marshaller's contextual serializer.</param>
    /// <param name="codec">Compresses the payload; null leaves it as it is.</param>
    /// <param name="level">How hard to compress; null for the codec's own level.</param>
    /// <returns>The frame, valid as long as <see cref="Written"/>.</returns>
    /// <exception cref="RpcException">The message is larger than may be sent (RESOURCE_EXHAUSTED).</exception>
    public ReadOnlyMemory<byte> Write<T>(
        T message,
        Action<T, SerializationContext> serializer,
        ICompressionProvider? codec,
        CompressionLevel? level = null)
    {
        int start = _frames.Skip(FrameHeader.Size);
        int payload = start + FrameHeader.Size;
        try
        {
            if (codec is null)
            {
                Serialize(message, serializer, _frames);
                Check(_frames.Length - payload);
            }
            else
            {
                _plain ??= new FrameBuffer();
                Serialize(message, serializer, _plain);
                Check(_plain.Length);
                using Stream stream = codec.CreateCompressionStream(new BufferStream(_frames), level);
                stream.Write(_plain.Written.Span);
            }
            new FrameHeader(codec is not null, (uint)(_frames.Length - payload)).Write(_frames.Skipped(start, FrameHeader.Size));
        }
        catch
        {
            _frames.Truncate(start);
            throw;
        }
        finally
        {
            _plain?.Return();
        }
        return _frames.Written[start..];
    }

    /// <summary>All frames are sent. Their memory stays for the next ones.</summary>
    public void Clear() => _frames.Truncate(0);

    /// <summary>All frames are sent, and no more are expected soon: gives their memory back.</summary>
    public void Release() => _frames.Return();

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        _target!.Reserve(payload.Length);
        _target.Write(payload);
        Complete();
    }

    public override IBufferWriter<byte> GetBufferWriter() => _target!;

    public override void SetPayloadLength(int payloadLength)
    {
        // The limit is looked at here too, before memory is taken for a message that will not be sent.
        if (maxMessageSize is null || payloadLength <= maxMessageSize)
        {
            _target!.Reserve(payloadLength);
        }
    }

    public override void Complete()
    {
        if (_isComplete)
        {
            throw new InvalidOperationException("The message is complete already.");
        }
        _isComplete = true;
    }

    private void Serialize<T>(T message, Action<T, SerializationContext> serializer, FrameBuffer target)
    {
        _target = target;
        _isComplete = false;
        serializer(message, this);
        if (!_isComplete)
        {
            throw new InvalidOperationException("The serializer did not complete its message.");
        }
    }

    private void Check(int payloadLength)
    {
        if (payloadLength > maxMessageSize)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"The message of {payloadLength} bytes is larger than the {maxMessageSize} that may be sent."));
        }
    }
}
