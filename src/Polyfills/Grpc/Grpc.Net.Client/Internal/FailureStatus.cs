using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>The status of a call that an exception ended.</summary>
internal static class FailureStatus
{
    public static Status Of(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RpcException rpc:
                    return rpc.Status;
                case HttpProtocolException broken:
                    return IsOfStream(broken)
                        ? new Status(OfReset(broken.ErrorCode), $"The server reset the call: {broken.Message}", failure)
                        : new Status(OfConnection(broken.ErrorCode), $"The connection ended: {broken.Message}", failure);
                default:
                    continue;
            }
        }
        return failure switch
        {
            // No connection, or not any more: name, route, TLS, refusal, reset. A cancellation is the transport's own time limit for
            // connecting: one that the caller asked for has ended the call before it is seen here.
            HttpRequestException or IOException or OperationCanceledException =>
                new Status(StatusCode.Unavailable, Describe(failure), failure),
            _ => new Status(StatusCode.Internal, Describe(failure), failure),
        };
    }

    /// <summary>The table "Errors" of grpc/doc/PROTOCOL-HTTP2.md, by the codes of RFC 9113, section 7.</summary>
    public static StatusCode OfReset(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM: not processed.
        0x8 => StatusCode.Cancelled, // CANCEL
        0xB => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xC => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    /// <summary>
    /// What ended the whole connection (a GOAWAY, a broken rule, a ping without an answer) says nothing about the call in particular: it
    /// can be made again on another one.
    /// </summary>
    public static StatusCode OfConnection(long errorCode) => OfReset(errorCode) switch
    {
        StatusCode.Internal or StatusCode.Cancelled => StatusCode.Unavailable,
        StatusCode meant => meant,
    };

    /// <summary>
    /// The transport throws the same type for a stream and for its connection, with codes of one table; only the words differ ("reset the
    /// stream", and in the name of the resource where there are no words). Connections it never calls streams.
    /// </summary>
    private static bool IsOfStream(HttpProtocolException failure) => failure.Message.Contains("stream", StringComparison.Ordinal);

    /// <summary>The outer message says what was tried, the inner one why it failed.</summary>
    private static string Describe(Exception failure) => failure.InnerException is { } inner
        ? $"{failure.Message} {inner.Message}"
        : failure.Message;
}
