using EdgeAgent.Protocol.V1;

namespace EdgeAgent.RemoteSession;

/// <summary>Does one kind of request. It has been allowed; its deadline is kept by <see cref="RequestDesk"/>.</summary>
internal interface IRequestHandler
{
    RemoteRequest.KindOneofCase Kind { get; }

    /// <summary>An exception is a defect, unless the time is over.</summary>
    ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken);
}

/// <summary>What came of it.</summary>
/// <param name="Answer">Without the id.</param>
/// <param name="Then">What is done once the answer has left; null: nothing.</param>
internal readonly record struct RequestResult(RemoteAnswer Answer, Action? Then = null)
{
    public static RequestResult Of(RemoteOutcome outcome, string message) => new(new RemoteAnswer { Outcome = outcome, Message = message });
}
