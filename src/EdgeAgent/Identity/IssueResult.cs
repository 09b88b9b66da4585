using Grpc.Core;

namespace EdgeAgent.Identity;

/// <summary>What came of asking for a certificate.</summary>
internal enum IssueOutcome
{
    /// <summary>It is stored, and not in force yet.</summary>
    Issued,

    /// <summary>The token or the certificate that was shown does not entitle to one: ask slowly, and tell somebody.</summary>
    Refused,

    /// <summary>The service cannot do anything with the request: a person is needed; ask slowly.</summary>
    Unusable,

    /// <summary>What the service sent is no certificate for this device and this key: nothing of it was kept. Ask slowly, and tell somebody.</summary>
    Wrong,

    /// <summary>Whoever answers issues no certificates: ask slowly, and tell somebody.</summary>
    NotServed,

    /// <summary>The line or the service: ask again, with the same request.</summary>
    Unanswered,
}

/// <summary>What came of asking for a certificate, and why.</summary>
/// <param name="Outcome">What to do.</param>
/// <param name="Reason">For people.</param>
/// <param name="RetryAfter">How long the service wants to be left alone at least; zero where it does not say.</param>
internal readonly record struct IssueResult(IssueOutcome Outcome, string Reason, TimeSpan RetryAfter = default)
{
    public static IssueResult Issued => new(IssueOutcome.Issued, "");

    public static IssueResult Of(RpcException failure) =>
        new(OutcomeOf(failure.StatusCode), $"{failure.StatusCode}: {failure.Status.Detail}", Uplink.RetryHint.Read(failure.Trailers));

    private static IssueOutcome OutcomeOf(StatusCode status) => status switch
    {
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => IssueOutcome.Refused,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => IssueOutcome.Unusable,
        StatusCode.Unimplemented => IssueOutcome.NotServed,
        _ => IssueOutcome.Unanswered,
    };
}
