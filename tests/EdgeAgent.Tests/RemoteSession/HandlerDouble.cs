using EdgeAgent.Protocol.V1;
using EdgeAgent.RemoteSession;

namespace EdgeAgent.Tests.RemoteSession;

/// <summary>Does with one kind of request what a test says. Default: done.</summary>
internal sealed class HandlerDouble(RemoteRequest.KindOneofCase kind) : IRequestHandler
{
    private int _calls;

    public RemoteRequest.KindOneofCase Kind => kind;

    public int Calls => Volatile.Read(ref _calls);

    public Func<RemoteRequest, CancellationToken, ValueTask<RequestResult>> Work { get; set; } =
        static (_, _) => new(RequestResult.Of(RemoteOutcome.Done, ""));

    public ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return Work(request, cancellationToken);
    }
}
