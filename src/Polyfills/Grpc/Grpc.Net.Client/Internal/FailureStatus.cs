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
                case HttpProtocolException reset:
                    return new Status(OfReset(reset.ErrorCode), $"The server reset the call: {reset.Message}", failure);
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

    /// <summary>The outer message says what was tried, the inner one why it failed.</summary>
    private static string Describe(Exception failure) => failure.InnerException is { } inner
        ? $"{failure.Message} {inner.Message}"
        : failure.Message;
}
