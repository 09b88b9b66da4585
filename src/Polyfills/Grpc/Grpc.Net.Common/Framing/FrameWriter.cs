using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Framing;

/// <summary>
/// Serializes messages into frames, one at a time. Belongs to one call and is reused by its messages; between messages it holds no buffer.
/// </summary>
internal sealed class FrameWriter(int? maxMessageSize) : SerializationContext
{
    private readonly FrameBuffer _plain = new();
    private FrameBuffer? _compressed;
    private bool _isComplete;

    /// <summary>Serializes a message. The frame is valid until <see cref="Release"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="serializer">Its marshaller's contextual serializer.</param>
    /// <param name="codec">Compresses the payload; null leaves it as it is.</param>
    /// <param name="level">How hard to compress; null for the codec's own level.</param>
    /// <exception cref="RpcException">The message is larger than may be sent (RESOURCE_EXHAUSTED).</exception>
    public ReadOnlyMemory<byte> Write<T>(
        T message,
        Action<T, SerializationContext> serializer,
        ICompressionProvider? codec,
        CompressionLevel? level = null)
    {
        Release();
        serializer(message, this);
        if (!_isComplete)
        {
            throw new InvalidOperationException("The serializer did not complete its message.");
        }
        if (_plain.PayloadLength > maxMessageSize)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"The message of {_plain.PayloadLength} bytes is larger than the {maxMessageSize} that may be sent."));
        }
        if (codec is null)
        {
            return _plain.Seal(isCompressed: false);
        }
        _compressed ??= new FrameBuffer();
        using (Stream stream = codec.CreateCompressionStream(new BufferStream(_compressed), level))
        {
            stream.Write(_plain.Payload);
        }
        _plain.Return();
        return _compressed.Seal(isCompressed: true);
    }

    /// <summary>The last frame is sent: gives its memory back.</summary>
    public void Release()
    {
        _plain.Return();
        _compressed?.Return();
        _isComplete = false;
    }

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        _plain.Reserve(payload.Length);
        _plain.Write(payload);
        Complete();
    }

    public override IBufferWriter<byte> GetBufferWriter() => _plain;

    public override void SetPayloadLength(int payloadLength)
    {
        // The limit is looked at here too, before memory is taken for a message that will not be sent.
        if (maxMessageSize is null || payloadLength <= maxMessageSize)
        {
            _plain.Reserve(payloadLength);
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
}
