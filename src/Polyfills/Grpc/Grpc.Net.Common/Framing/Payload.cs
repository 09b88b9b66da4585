using System.Buffers;
using Grpc.Core;

namespace Grpc.Net.Framing;

/// <summary>A received message, over the buffers it was received into. Reused from message to message.</summary>
internal sealed class Payload : DeserializationContext
{
    private ReadOnlySequence<byte> _bytes;

    public override int PayloadLength => (int)_bytes.Length;

    public override byte[] PayloadAsNewBuffer() => _bytes.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _bytes;

    public void Set(ReadOnlySequence<byte> bytes) => _bytes = bytes;
}
