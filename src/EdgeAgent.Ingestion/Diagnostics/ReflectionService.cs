using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Request = Grpc.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;

namespace EdgeAgent.Ingestion.Diagnostics;

/// <summary>grpc.reflection.v1.ServerReflection: tells generic clients what is served.</summary>
internal sealed class ReflectionService(FileDescriptors files) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(Answer(requestStream.Current), context.CancellationToken);
        }
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var answer = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Request.ListServices:
                answer.ListServicesResponse = new ListServiceResponse();
                answer.ListServicesResponse.Service.AddRange(files.Services.Select(name => new ServiceResponse { Name = name }));
                break;
            case Request.FileByFilename when files.TryFindFile(request.FileByFilename, out FileDescriptor? file):
                answer.FileDescriptorResponse = Files(file);
                break;
            case Request.FileContainingSymbol when files.TryFindSymbol(request.FileContainingSymbol, out FileDescriptor? file):
                answer.FileDescriptorResponse = Files(file);
                break;
            // Nothing here is extended, but a known message has an empty list of extensions, not none.
            case Request.AllExtensionNumbersOfType when files.TryFindSymbol(request.AllExtensionNumbersOfType, out _):
                answer.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case Request.None:
                answer.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks for nothing.");
                break;
            default:
                answer.ErrorResponse = Error(StatusCode.NotFound, "It is not served here.");
                break;
        }
        return answer;
    }

    private static FileDescriptorResponse Files(FileDescriptor file) => new()
    {
        FileDescriptorProto = { FileDescriptors.WithImports(file).Select(each => each.SerializedData) },
    };

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };
}
