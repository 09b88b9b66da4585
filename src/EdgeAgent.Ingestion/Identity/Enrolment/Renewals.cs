using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using Google.Protobuf;

namespace EdgeAgent.Ingestion.Identity.Enrolment;

/// <summary>Gives a device a new certificate for its present one, which may have expired within the time of grace if this service has issued it.</summary>
internal sealed class Renewals(IdentityOptions options, ControlDatabase control, DeviceCertificates certificates, TimeProvider time)
{
    /// <summary>Within this time the same request gets the same certificate: the answer was lost.</summary>
    private static readonly TimeSpan AnswerAgain = TimeSpan.FromMinutes(1);

    /// <param name="identification">Who asks.</param>
    /// <param name="request">PKCS#10.</param>
    /// <exception cref="StoreUnavailableException">Nothing was issued.</exception>
    public EnrolmentResult Renew(Identification identification, ByteString request)
    {
        if (identification.Caller is not { Proof: CallerProof.Certificate or CallerProof.ExpiredCertificate } caller)
        {
            return new EnrolmentResult(
                EnrolmentOutcome.NotIdentified, identification.Caller is null ? identification.Problem : "Only a certificate can be renewed, not a token.");
        }
        // Before the request is parsed: a device that may not renew has no claim to the work.
        if (control.Read(session => Refusal(session, caller)) is { } refusal)
        {
            return refusal;
        }
        return SigningRequest.TryRead(request, caller.Device, out SigningRequest? read, out string? problem)
            ? control.Change(session => Refusal(session, caller) ?? Issue(session, caller.Device, read))
            : new EnrolmentResult(EnrolmentOutcome.RequestUnusable, problem);
    }

    private EnrolmentResult? Refusal(ControlSession session, Caller caller)
    {
        DeviceDecision decision = DeviceRecords.Find(session, caller.Device);
        if (DeviceGate.RefusalOf(caller, decision) is { } refusal)
        {
            return new EnrolmentResult(EnrolmentOutcome.DeviceRefused, refusal.Detail);
        }
        if (decision.Standing == DeviceStanding.Quarantined)
        {
            return new EnrolmentResult(EnrolmentOutcome.DeviceRefused, $"{caller.Device} is in quarantine.");
        }
        if (caller.Proof == CallerProof.Certificate)
        {
            return null;
        }
        if (time.GetUtcNow().ToUnixNanoseconds() - caller.Until > (long)options.Grace.TotalNanoseconds)
        {
            return new EnrolmentResult(
                EnrolmentOutcome.DeviceRefused, $"The certificate expired at {UnixTime.Format(caller.Until)}, which is too long ago. The device needs a token to enrol again.");
        }
        return CertificateRecords.Find(session, caller.Id)?.Device == caller.Device ? null
            : new EnrolmentResult(EnrolmentOutcome.DeviceRefused, "The certificate has expired, and this service does not know it. The device needs a token to enrol.");
    }

    private EnrolmentResult Issue(ControlSession session, string device, SigningRequest request)
    {
        long since = time.GetUtcNow().ToUnixNanoseconds() - (long)AnswerAgain.TotalNanoseconds;
        return CertificateRecords.Of(session, device).FirstOrDefault(known => known.Issued >= since && known.Request.AsSpan().SequenceEqual(request.Hash)) is { } issued
            ? certificates.Again(issued)
            : certificates.Issue(session, device, request, null, out _);
    }
}
