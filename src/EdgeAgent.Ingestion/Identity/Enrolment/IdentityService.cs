using System.Net;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Identity.Enrolment;

/// <summary>edge.v1.Identity: the one service that is there for callers without a certificate that counts.</summary>
internal sealed partial class IdentityService(
    Enrolments enrolments, Renewals renewals, FailureLimits limits, Callers callers, ILogger<IdentityService> logger) : Protocol.V1.Identity.IdentityBase
{
    public override Task<IssuedCertificate> Enroll(EnrollRequest request, ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        IPAddress? address = callers.IsThroughProxy(http) ? null : http.Connection.RemoteIpAddress;
        if (!limits.MayTry(address))
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Too many enrolments have failed. Try again in a minute."));
        }
        EnrolmentResult result = Answer(() => enrolments.Enrol(request.Token, request.CertificateRequest));
        if (result.StatusCode is StatusCode.Unauthenticated or StatusCode.InvalidArgument)
        {
            limits.Count(address);
        }
        if (result.Outcome == EnrolmentOutcome.TokenReplayed)
        {
            Log.Replayed(logger, address, result.Message);
        }
        return Task.FromResult(Reply(result, context));
    }

    public override Task<IssuedCertificate> Renew(RenewRequest request, ServerCallContext context) =>
        Task.FromResult(Reply(Answer(() => renewals.Renew(CallGuard.IdentificationOf(context), request.CertificateRequest)), context));

    private static EnrolmentResult Answer(Func<EnrolmentResult> ask)
    {
        try
        {
            return ask();
        }
        catch (StoreUnavailableException failure)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, failure.Message));
        }
    }

    private IssuedCertificate Reply(EnrolmentResult result, ServerCallContext context)
    {
        if (result.Certificate is { } certificate)
        {
            Log.Issued(logger, context.Method, context.Peer);
            return certificate;
        }
        Log.Refused(logger, context.Method, context.Peer, result.Outcome, result.Message);
        throw new RpcException(new Status(result.StatusCode, result.Message));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Method} has issued a certificate to {Peer}.")]
        public static partial void Issued(ILogger logger, string method, string peer);

        [LoggerMessage(LogLevel.Information, "{Method} from {Peer} was refused as {Outcome}: {Message}")]
        public static partial void Refused(ILogger logger, string method, string peer, EnrolmentOutcome outcome, string message);

        [LoggerMessage(LogLevel.Warning, "A used token came again, from {Address}: {Message}")]
        public static partial void Replayed(ILogger logger, IPAddress? address, string message);
    }
}
