using System.Globalization;
using Grpc.Core;

namespace EdgeAgent.Uplink;

/// <summary>What the failure of a session means for the data. None of them means that anything is forgotten.</summary>
internal enum SessionFailureKind
{
    /// <summary>The line, the service or its store: keep, and try again for ever.</summary>
    Transient,

    /// <summary>
    /// The service has no room, for this session or for one of its messages, and does not say which: keep, and try again. Where it is always the same record,
    /// and that a large one, look for it.
    /// </summary>
    TooMuch,

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

    /// <summary>The service rejects what it gets without saying which record it means: keep, and look for it by halves.</summary>
    Rejected,

    /// <summary>Whoever answers is no ingestion service: keep, try slowly, and tell somebody.</summary>
    NotServed,

    /// <summary>
    /// The service has sequences that this spool never sent. Send nothing more from it: what follows could be taken for duplicates.
    /// </summary>
    Foreign,
}

/// <summary>Why a session is over without a receipt.</summary>
/// <param name="Kind">What it means for the data.</param>
/// <param name="Sequence">The record that is refused, or the sequence that the service cannot have; else 0.</param>
/// <param name="Reason">For people.</param>
/// <param name="RetryAfter">How long the service wants to be left alone at least; zero where it does not say.</param>
internal readonly record struct SessionFailure(SessionFailureKind Kind, ulong Sequence, string Reason, TimeSpan RetryAfter = default)
{
    private const string CutOffHint =
        "(The service ended the connection before it answered, as it does where it does not accept the device's certificate: compare its authority with the device's.)";

    public static SessionFailure Of(RpcException failure)
    {
        TimeSpan retryAfter = RetryHint.Read(failure.Trailers);
        string reason = $"{failure.StatusCode}: {failure.Status.Detail}{(IsCutOff(failure) ? " " + CutOffHint : "")}";
        bool isNamed = ulong.TryParse(failure.Trailers.GetValue("edge-refused-sequence"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence);
        return new SessionFailure(KindOf(failure.StatusCode, isNamed, retryAfter), sequence, reason, retryAfter);
    }

    private static SessionFailureKind KindOf(StatusCode status, bool isNamed, TimeSpan retryAfter) => status switch
    {
        StatusCode.Aborted => SessionFailureKind.OutOfStep,
        StatusCode.FailedPrecondition => SessionFailureKind.DictionaryUnknown,
        StatusCode.InvalidArgument or StatusCode.ResourceExhausted when isNamed => SessionFailureKind.RecordRefused,
        StatusCode.InvalidArgument => SessionFailureKind.Rejected,
        // Who says when to come again means the load, not the size of a message.
        StatusCode.ResourceExhausted when retryAfter == TimeSpan.Zero => SessionFailureKind.TooMuch,
        // Not one of the contract's, but what a proxy or an older service says where it has no such method: no retry in a second will help.
        StatusCode.Unimplemented => SessionFailureKind.NotServed,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => SessionFailureKind.NotAllowed,
        _ => SessionFailureKind.Transient,
    };

    /// <summary>
    /// The connection was made and ended before HTTP/2 was spoken on it. In TLS 1.3 the client's certificate is judged when the client believes the
    /// handshake to be over, so a refusal looks like this and says nothing of certificates.
    /// </summary>
    private static bool IsCutOff(RpcException failure) => failure.StatusCode == StatusCode.Unavailable
        && failure.Status.DebugException is OperationCanceledException or HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse };
}
