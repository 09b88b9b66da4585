using EdgeAgent.Ingestion.Identity.Tokens;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using Google.Protobuf;

namespace EdgeAgent.Ingestion.Identity.Enrolment;

/// <summary>Exchanges a token, once, for a certificate.</summary>
internal sealed class Enrolments(ControlDatabase control, DeviceCertificates certificates, TimeProvider time)
{
    /// <summary>Within this time the same request may ask again: a device tries again after a minute or two where it never got the answer.</summary>
    private static readonly TimeSpan AnswerAgain = TimeSpan.FromMinutes(10);

    private static readonly EnrolmentResult Unknown = new(EnrolmentOutcome.TokenUnknown, "The token is unknown.");

    /// <param name="token">What the device was given.</param>
    /// <param name="request">PKCS#10.</param>
    /// <exception cref="StoreUnavailableException">Nothing was issued.</exception>
    public EnrolmentResult Enrol(string token, ByteString request)
    {
        if (TokenSecret.Hash(TokenKind.Enrolment, token) is not { } hash || control.Read(session => TokenRecords.Find(session, TokenKind.Enrolment, hash)) is not { } known)
        {
            // Nobody without a token has anything parsed that is larger than one.
            return Unknown;
        }
        if (!SigningRequest.TryRead(request, known.Device, out SigningRequest? read, out string? problem))
        {
            return new EnrolmentResult(EnrolmentOutcome.RequestUnusable, problem);
        }
        return control.Change(session => TokenRecords.Find(session, TokenKind.Enrolment, hash) is { } found ? Exchange(session, found, read) : Unknown);
    }

    private EnrolmentResult Exchange(ControlSession session, TokenRecord token, SigningRequest request)
    {
        long now = time.GetUtcNow().ToUnixNanoseconds();
        if (token.Used is { } used)
        {
            if (token.UsedKey.AsSpan().SequenceEqual(request.KeyHash) && now - used <= (long)AnswerAgain.TotalNanoseconds
                && CertificateRecords.Find(session, token.Serial!) is { } issued
                && DeviceRecords.Find(session, token.Device) is { Standing: DeviceStanding.Active } decision && issued.NotBefore >= decision.CredentialsFrom)
            {
                return certificates.Again(issued);
            }
            TokenRecords.CountReplay(session, token.Id);
            return new EnrolmentResult(
                EnrolmentOutcome.TokenReplayed,
                $"Token {token.Id} of {token.Device} was used at {UnixTime.Format(used)}. Where this device did not do that, revoke {token.Device}: somebody else has a certificate in its name.");
        }
        if (token.Withdrawn is not null)
        {
            return new EnrolmentResult(EnrolmentOutcome.TokenWithdrawn, "The token was withdrawn.");
        }
        if (token.Expires <= now)
        {
            return new EnrolmentResult(EnrolmentOutcome.TokenExpired, $"The token expired at {UnixTime.Format(token.Expires)}.");
        }
        if (DeviceRecords.Find(session, token.Device).Standing != DeviceStanding.Active)
        {
            return new EnrolmentResult(EnrolmentOutcome.DeviceRefused, $"{token.Device} was revoked, or is in quarantine. Release it before it enrols.");
        }
        EnrolmentResult result = certificates.Issue(session, token.Device, request, token.Id, out string serial);
        if (result.Outcome == EnrolmentOutcome.Issued)
        {
            TokenRecords.Use(session, token.Id, request.KeyHash, serial, now);
        }
        return result;
    }
}
