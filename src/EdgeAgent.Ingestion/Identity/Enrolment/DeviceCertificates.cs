using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity.Authority;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Ingestion.Identity.Enrolment;

/// <summary>Issues certificates to devices and remembers them, within a change of the database.</summary>
internal sealed class DeviceCertificates(IdentityOptions options, Authorities authorities, ServerIdentity server, ClientAuthority clients, TimeProvider time)
{
    /// <summary>A device renews every two months. One that does it in a circle must not fill the database.</summary>
    private const int MostInAnHour = 10;

    /// <summary>Somebody would copy a whole disk, and two devices would share one key.</summary>
    private const string KeyOfAnother = "Another device has this key. Make a new one on this device; a copied disk brings its key along.";

    private static readonly EnrolmentResult NoKey = new(EnrolmentOutcome.CannotSign, "The key that signs devices is not on this machine.");

    /// <param name="session">The change. Nothing is written where the outcome is not <see cref="EnrolmentOutcome.Issued"/>.</param>
    /// <param name="device">Whose it will be.</param>
    /// <param name="request">What it asked.</param>
    /// <param name="token">What it enrolled with; null: it was renewed.</param>
    /// <param name="serial">Of the certificate.</param>
    public EnrolmentResult Issue(ControlSession session, string device, SigningRequest request, long? token, out string serial)
    {
        serial = "";
        if (authorities.Issuing is not { Signer: { } signer } authority)
        {
            return NoKey;
        }
        DateTimeOffset now = time.GetUtcNow();
        long instant = now.ToUnixNanoseconds();
        if (CertificateRecords.Of(session, device).Count(known => known.Issued > instant - (long)TimeSpan.FromHours(1).TotalNanoseconds) >= MostInAnHour)
        {
            return new EnrolmentResult(EnrolmentOutcome.TooMany, $"{device} was issued {MostInAnHour} certificates within an hour, which is all that is allowed.");
        }
        if (CertificateRecords.IsKeyOfAnother(session, request.KeyHash, device))
        {
            return new EnrolmentResult(EnrolmentOutcome.RequestUnusable, KeyOfAnother);
        }
        DateTimeOffset earliest = UnixTime.ToDateTimeOffset(DeviceRecords.Find(session, device).CredentialsFrom);
        using X509Certificate2 certificate = signer.IssueDevice(device, request.Key, now, options.DeviceLifetime, earliest);
        serial = certificate.SerialNumber;
        var record = new CertificateRecord(
            serial, device, request.KeyHash, request.Hash, Instant(certificate.NotBefore), Instant(certificate.NotAfter), instant, token, authority.Number,
            certificate.RawData);
        CertificateRecords.Add(session, record, options.Grace);
        return new EnrolmentResult(EnrolmentOutcome.Issued, "", Answer(record));
    }

    /// <summary>The answer to the request that the certificate was issued for.</summary>
    public EnrolmentResult Again(CertificateRecord record) => new(EnrolmentOutcome.IssuedAgain, "", Answer(record));

    private IssuedCertificate Answer(CertificateRecord record)
    {
        var answer = new IssuedCertificate
        {
            Chain = { ByteString.CopyFrom(record.Certificate) },
            // A third of the life before the end.
            RenewAfterUnixSeconds = (record.NotAfter - ((record.NotAfter - record.NotBefore) / 3)) / 1_000_000_000,
        };
        AuthorityGeneration? authority = authorities.All.FirstOrDefault(generation => generation.Number == record.Authority);
        answer.Chain.AddRange((authority?.Signer?.Intermediates ?? []).Select(Bytes));
        X509Certificate2Collection roots = clients.Roots;
        if (server.IsSignedBy(roots))
        {
            answer.TrustedRoots.AddRange(roots.Select(Bytes));
        }
        return answer;
    }

    private static ByteString Bytes(X509Certificate2 certificate) => ByteString.CopyFrom(certificate.RawDataMemory.Span);

    private static long Instant(DateTime local) => new DateTimeOffset(local).ToUnixNanoseconds();
}
