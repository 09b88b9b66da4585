using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Which side ended a call.</summary>
internal enum EndedBy
{
    /// <summary>The server, with a status, or the transport between the two.</summary>
    Peer,

    /// <summary>This side: a token, a deadline, or Dispose.</summary>
    Caller,
}

/// <summary>How a call ended. Set once; the first cause wins.</summary>
internal sealed record CallEnd(Status Status, Metadata Trailers, EndedBy By)
{
    /// <summary>What awaiting the call throws. A new one each time, since several awaits may throw it.</summary>
    public Exception ToException(bool cancellationIsOperationCanceled)
    {
        var failure = new RpcException(Status, Trailers);
        return By == EndedBy.Caller && cancellationIsOperationCanceled
            ? new OperationCanceledException(Status.Detail, failure)
            : failure;
    }
}
