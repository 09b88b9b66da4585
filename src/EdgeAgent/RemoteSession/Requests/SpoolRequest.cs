using EdgeAgent.Commands;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using Google.Protobuf;

namespace EdgeAgent.RemoteSession.Requests;

/// <summary>What is in the buffer, as <c>edge-agent spool stat --json</c> finds it: from the files, beside the agent that writes them.</summary>
internal sealed class SpoolRequest(SpoolOptions options) : IRequestHandler
{
    public RemoteRequest.KindOneofCase Kind => RemoteRequest.KindOneofCase.Spool;

    public ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        try
        {
            string json = SpoolStatCommand.ToJson(options.Path, options);
            return new(new RequestResult(new RemoteAnswer { Outcome = RemoteOutcome.Done, Document = new AnswerDocument { Json = ByteString.CopyFromUtf8(json) } }));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new(RequestResult.Of(RemoteOutcome.Failed, failure.Message));
        }
    }
}
