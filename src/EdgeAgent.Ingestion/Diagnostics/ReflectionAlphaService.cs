using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace EdgeAgent.Ingestion.Diagnostics;

/// <summary>
/// grpc.reflection.v1alpha.ServerReflection, the name that older tools ask for first. Its messages have the bytes of those
/// of v1, so they are passed on as bytes.
/// </summary>
internal sealed class ReflectionAlphaService(ReflectionService present) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            Grpc.Reflection.V1.ServerReflectionRequest request = Grpc.Reflection.V1.ServerReflectionRequest.Parser.ParseFrom(
                requestStream.Current.ToByteString());
            await responseStream.WriteAsync(
                ServerReflectionResponse.Parser.ParseFrom(present.Answer(request).ToByteString()), context.CancellationToken);
        }
    }
}
