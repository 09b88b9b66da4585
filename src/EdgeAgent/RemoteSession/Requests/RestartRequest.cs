using EdgeAgent.Protocol.V1;
using EdgeAgent.Supervision;

namespace EdgeAgent.RemoteSession.Requests;

/// <summary>Ends the agent in order once the answer has left. Whoever allows it says with that that something starts it again.</summary>
internal sealed class RestartRequest(RestartWish restart) : IRequestHandler
{
    public RemoteRequest.KindOneofCase Kind => RemoteRequest.KindOneofCase.Restart;

    public ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken) =>
        new(RequestResult.Of(RemoteOutcome.Done, "The agent ends in order, and is started again by its supervisor.") with { Then = restart.Make });
}
