using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Identity.Enrolment;

/// <summary>What became of a request for a certificate.</summary>
internal enum EnrolmentOutcome
{
    /// <summary>There is a certificate: the device uses it from now on.</summary>
    Issued,

    /// <summary>The answer was lost, and is given once more.</summary>
    IssuedAgain,

    /// <summary>Nobody has handed out this token: the device needs another one.</summary>
    TokenUnknown,

    /// <summary>The token came too late: the device needs another one.</summary>
    TokenExpired,

    /// <summary>Somebody took the token back.</summary>
    TokenWithdrawn,

    /// <summary>The token was used, for another key or some time ago. Where the device did not do that, somebody else has a certificate in its name.</summary>
    TokenReplayed,

    /// <summary>Renewal needs the certificate that is to be renewed.</summary>
    NotIdentified,

    /// <summary>The request is no good: a defect of the device's program.</summary>
    RequestUnusable,

    /// <summary>The device was revoked, is in quarantine, or its certificate cannot be renewed any more: a person has to decide.</summary>
    DeviceRefused,

    /// <summary>Too many came: the device tries later.</summary>
    TooMany,

    /// <summary>No key to sign with is on this machine: the device tries later, perhaps elsewhere.</summary>
    CannotSign,
}

/// <summary>An outcome, in words for the device's log.</summary>
internal sealed record EnrolmentResult(EnrolmentOutcome Outcome, string Message, IssuedCertificate? Certificate = null)
{
    public StatusCode StatusCode => Outcome switch
    {
        EnrolmentOutcome.Issued or EnrolmentOutcome.IssuedAgain => StatusCode.OK,
        EnrolmentOutcome.RequestUnusable => StatusCode.InvalidArgument,
        EnrolmentOutcome.DeviceRefused => StatusCode.PermissionDenied,
        EnrolmentOutcome.TooMany => StatusCode.ResourceExhausted,
        EnrolmentOutcome.CannotSign => StatusCode.Unavailable,
        _ => StatusCode.Unauthenticated,
    };
}
