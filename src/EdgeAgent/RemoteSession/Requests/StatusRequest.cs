using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.RemoteSession.Requests;

/// <summary>How the agent does.</summary>
internal sealed class StatusRequest(StatusSource source) : IRequestHandler
{
    public RemoteRequest.KindOneofCase Kind => RemoteRequest.KindOneofCase.Status;

    public ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken) => new(new RequestResult(new RemoteAnswer
    {
        Outcome = RemoteOutcome.Done,
        Document = new AnswerDocument { Json = ByteString.CopyFromUtf8(AgentStatusJson.Of(source.Look())) },
    }));
}
