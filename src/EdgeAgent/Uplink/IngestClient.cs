using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Uplink;

/// <summary>
/// The client of edge.v1.Ingest. Not the generated one, because that wants each record as an object: this one sends <see
/// cref="UploadFrame"/>s, which are the same bytes on the line.
/// </summary>
internal sealed class IngestClient(CallInvoker invoker)
{
    public static Method<UploadFrame, UploadReceipt> UploadMethod { get; } = new(
        MethodType.ClientStreaming,
        "edge.v1.Ingest",
        "Upload",
        UploadFrame.Marshaller,
        new Marshaller<UploadReceipt>(
            static (_, _) => throw new NotSupportedException("Receipts are only received."),
            static context => UploadReceipt.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    public AsyncClientStreamingCall<UploadFrame, UploadReceipt> Upload(CancellationToken cancellationToken) =>
        invoker.AsyncClientStreamingCall(UploadMethod, null, new CallOptions(cancellationToken: cancellationToken));
}
