using System.Globalization;
using Grpc.Core;

namespace EdgeAgent.Uplink;

/// <summary>What the failure of a session means for the data. None of them means that anything is forgotten.</summary>
internal enum SessionFailureKind
{
    /// <summary>The line, the service or its store: keep, and try again for ever.</summary>
    Transient,

    /// <summary>A write, the headers or the receipt did not come in time: the connection counts as dead. Keep, connect anew.</summary>
    TimedOut,

    /// <summary>The sequence does not go on where the service is: open again, and resume from its watermark.</summary>
    OutOfStep,

    /// <summary>The service does not know what the series are called: open again, and name them.</summary>
    DictionaryUnknown,

    /// <summary>The service will never take one record, and says which: set it aside, and go on.</summary>
    RecordRefused,

    /// <summary>The service does not take anything from this device at present: keep, try slowly, and tell somebody.</summary>
    NotAllowed,

    /// <summary>The service rejects what it gets without saying which record it means: keep, try slowly, and tell somebody.</summary>
    Rejected,

    /// <summary>
    /// The service has sequences that this spool never sent. Send nothing more from it: what follows could be taken for duplicates.
    /// </summary>
    Foreign,
}

/// <summary>Why a session is over without a receipt.</summary>
/// <param name="Kind">What it means for the data.</param>
/// <param name="Sequence">The record that is refused, or the sequence that the service cannot have; else 0.</param>
/// <param name="Reason">For people.</param>
internal readonly record struct SessionFailure(SessionFailureKind Kind, ulong Sequence, string Reason)
{
    private const string CutOffHint =
        "(The service ended the connection before it answered, as it does where it does not accept the device's certificate: compare its authority with the device's.)";

    public static SessionFailure Of(RpcException failure)
    {
        string reason = $"{failure.StatusCode}: {failure.Status.Detail}";
        switch (failure.StatusCode)
        {
            case StatusCode.Aborted:
                return new SessionFailure(SessionFailureKind.OutOfStep, 0, reason);
            case StatusCode.FailedPrecondition:
                return new SessionFailure(SessionFailureKind.DictionaryUnknown, 0, reason);
            case StatusCode.InvalidArgument:
                return ulong.TryParse(failure.Trailers.GetValue("edge-refused-sequence"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence)
                    ? new SessionFailure(SessionFailureKind.RecordRefused, sequence, reason)
                    : new SessionFailure(SessionFailureKind.Rejected, 0, reason);
            // Not one of the contract's, but what a proxy or an older service says where it has no such method: no retry in a second will
            // help.
            case StatusCode.Unimplemented:
                return new SessionFailure(SessionFailureKind.Rejected, 0, reason);
            case StatusCode.Unauthenticated:
            case StatusCode.PermissionDenied:
                return new SessionFailure(SessionFailureKind.NotAllowed, 0, reason);
            default:
                return new SessionFailure(SessionFailureKind.Transient, 0, IsCutOff(failure) ? $"{reason} {CutOffHint}" : reason);
        }
    }

    /// <summary>
    /// The connection was made and ended before HTTP/2 was spoken on it. In TLS 1.3 the client's certificate is judged when the client believes the
    /// handshake to be over, so a refusal looks like this and says nothing of certificates.
    /// </summary>
    private static bool IsCutOff(RpcException failure) => failure.StatusCode == StatusCode.Unavailable
        && failure.Status.DebugException is OperationCanceledException or HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse };
}
