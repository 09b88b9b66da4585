using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a serializer puts one message. It ends with exactly one call of a <c>Complete</c>.</summary>
public abstract class SerializationContext
{
    /// <summary>Hands over the whole message as an array.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>The buffer to write the message into. Finish with <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Announces the exact length, in bytes, before anything is written, so that the buffer is rented once.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
        // A hint: an implementation that grows its buffer needs none.
    }

    /// <summary>The message in the buffer is whole.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}
