using Grpc.Core;
using Grpc.Net.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>How a call frames its requests; the contents of both kinds of request need no more of it, nor the type of responses.</summary>
internal interface IRequestFramer<in TRequest>
{
    CallOptions Options { get; }

    FrameWriter CreateWriter();

    /// <summary>Serializes a request into a frame that is valid until the writer is released.</summary>
    ReadOnlyMemory<byte> Frame(FrameWriter writer, TRequest message, WriteOptions? options);
}
