using System.Net;
using Grpc.Net.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// A body of one message. It is serialized when the transport asks for it, and again if the transport starts over on another connection,
/// so that its buffer is held only while it is written.
/// </summary>
internal sealed class SingleMessageContent<TRequest>(IRequestFramer<TRequest> call, TRequest message) : CallContent
{
    public override void Abandon()
    {
        // The transport's own token ends a write that is under way.
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        FrameWriter writer = call.CreateWriter();
        try
        {
            await stream.WriteAsync(call.Frame(writer, message, call.Options.WriteOptions), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            writer.Release();
        }
    }
}
