using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Uplink;

/// <summary>
/// The client of edge.v1.Ingest. Not the generated one, because that wants each record as an object: this one sends <see
/// cref="UploadFrame"/>s, which are the same bytes on the line.
/// </summary>
/// <param name="invoker">What calls go through; other services' clients are made on it too.</param>
/// <param name="line">Ascending with each connection.</param>
/// <param name="credentials">What the device shows there.</param>
internal sealed class IngestClient(CallInvoker invoker, long line, DeviceCredentials credentials)
{
    public CallInvoker Invoker => invoker;

    public long Line => line;

    public DeviceCredentials Credentials => credentials;

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
