using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Grpc.Core;

namespace EdgeAgent.Identity;

/// <summary>What came of a session without a record.</summary>
/// <param name="Outcome">What the service makes of the device.</param>
/// <param name="Reason">The service's words; empty where it accepts it.</param>
/// <param name="ServerUnixNanoseconds">The service's clock when it opened the session; 0 where it did not say.</param>
internal readonly record struct EmptySessionAnswer(ProbeOutcome Outcome, string Reason, long ServerUnixNanoseconds);

/// <summary>An upload session without a record, to its receipt: the one call that tells whether a device may upload, and that stores nothing.</summary>
internal static class EmptySession
{
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<EmptySessionAnswer> AskAsync(IngestClient client, SessionOpen open, CancellationToken cancellationToken)
    {
        long serverTime = 0;
        try
        {
            using AsyncClientStreamingCall<UploadFrame, UploadReceipt> call = client.Upload(cancellationToken);
            await call.RequestStream.WriteAsync(new UploadFrame().Hold(new UploadRequest { Open = open }), cancellationToken).ConfigureAwait(false);
            if (SessionHeaders.TryRead(await call.ResponseHeadersAsync.ConfigureAwait(false), out SessionHeaders headers))
            {
                serverTime = headers.ServerUnixNanoseconds;
            }
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            await call.ResponseAsync.ConfigureAwait(false);
            return new EmptySessionAnswer(ProbeOutcome.Accepted, "", serverTime);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException failure)
        {
            return new EmptySessionAnswer(OutcomeOf(failure.StatusCode), $"{failure.StatusCode}: {failure.Status.Detail}", serverTime);
        }
    }

    /// <summary>Words about the session are words of a service that took the certificate.</summary>
    private static ProbeOutcome OutcomeOf(StatusCode status) => status switch
    {
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => ProbeOutcome.Refused,
        StatusCode.Aborted or StatusCode.FailedPrecondition or StatusCode.InvalidArgument => ProbeOutcome.Accepted,
        _ => ProbeOutcome.Unanswered,
    };
}
