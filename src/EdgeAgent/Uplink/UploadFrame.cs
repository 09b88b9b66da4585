using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Uplink;

/// <summary>
/// One message of an upload session: a record as it lies in the spool, or a message that was made for the occasion. A record is never
/// parsed: its stored bytes are copied once, into the buffer that goes to the connection. One object for a session, since a write is over
/// before the next one begins.
/// </summary>
internal sealed class UploadFrame
{
    private UploadRequest? _message;
    private ulong _sequence;
    private ReadOnlyMemory<byte> _stored;

    public static Marshaller<UploadFrame> Marshaller { get; } = new(
        static (frame, context) => frame.Write(context),
        static _ => throw new NotSupportedException("Upload requests are only sent."));

    /// <summary>Bytes of the serialized UploadRequest.</summary>
    public int Length { get; private set; }

    /// <summary>The frame is a record. Its bytes must stay as they are until it is written.</summary>
    public UploadFrame Hold(ulong sequence, ReadOnlyMemory<byte> stored)
    {
        (_message, _sequence, _stored) = (null, sequence, stored);
        Length = StoredRecord.UploadRequestLength(sequence, stored.Length);
        return this;
    }

    /// <summary>The frame is the opening, a gap, or what is known of a clock.</summary>
    public UploadFrame Hold(UploadRequest message)
    {
        (_message, _stored) = (message, default);
        Length = message.CalculateSize();
        return this;
    }

    private void Write(SerializationContext context)
    {
        context.SetPayloadLength(Length);
        if (_message is not null)
        {
            _message.WriteTo(context.GetBufferWriter());
        }
        else
        {
            StoredRecord.WriteUploadRequest(_sequence, _stored.Span, context.GetBufferWriter());
        }
        context.Complete();
    }
}
