using System.Text.Json.Serialization;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Identity.Authority;
using EdgeAgent.Ingestion.Identity.Enrolment;
using EdgeAgent.Ingestion.Identity.Tokens;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Web.Admin;

// The shapes of the identity part of the admin API. Instants are ISO 8601 texts; null: it has not come to that, or there is no end.

/// <remarks>
/// Kind: "enrolment" or "bearer".
/// TtlSeconds: null: a day for an enrolment, no end for a bearer token.
/// </remarks>
internal sealed record TokenRequest(string Device, string Kind, double? TtlSeconds);

/// <remarks>Token: It is shown this once and kept nowhere.</remarks>
internal sealed record TokenCreatedView(long Id, string Device, string Token, string? Expires);

/// <remarks>
/// State: "open", "used", "expired" or "withdrawn".
/// Replays: How often it came again after it was used: somebody has a copy.
/// </remarks>
internal sealed record TokenView(
    long Id, string Kind, string Device, string State, string Author, string Created, string? Expires, string? Used, string? Serial, long Replays);

internal sealed record TokensAnswer(IReadOnlyList<TokenView> Tokens);

/// <remarks>
/// Standing: "active", "quarantined" or "revoked".
/// Restore: What was issued before a revocation counts again.
/// </remarks>
internal sealed record StandingRequest(string Standing, string? Reason, bool Restore);

/// <remarks>
/// State: "valid", "expired" or "revoked".
/// Token: What it was enrolled with; null: it was renewed.
/// Authority: Generation of the root; 0: of configured files.
/// </remarks>
internal sealed record CertificateView(string Serial, string State, string NotBefore, string NotAfter, string Issued, long? Token, long Authority);

/// <remarks>
/// Author, Since: Of the decision about its standing; empty and null where nobody has made one.
/// Certificates: Those that this service has issued, newest first.
/// </remarks>
internal sealed record DeviceIdentityView(
    string Device, string Standing, string Reason, string Author, string? Since, IReadOnlyList<CertificateView> Certificates, IReadOnlyList<TokenView> Tokens);

/// <remarks>CertificateUntil: Of the newest certificate that this service has issued.</remarks>
internal sealed record DeviceStandingView(string Device, string Standing, string Reason, string? CertificateUntil);

internal sealed record DeviceStandingsAnswer(IReadOnlyList<DeviceStandingView> Devices);

/// <remarks>
/// Generation: 0: of configured files.
/// Fingerprint: SHA-256 of the certificate, hexadecimal.
/// IsIssuing: It signs devices. IsServing: It signs the service, where no certificate is configured.
/// HasKey: Its key is on this machine.
/// Devices: Whose newest certificate it has signed.
/// </remarks>
internal sealed record AuthorityView(
    long Generation, string Subject, string Fingerprint, string NotAfter, bool IsIssuing, bool IsServing, bool HasKey, long Devices, string Pem);

internal sealed record AuthoritiesAnswer(IReadOnlyList<AuthorityView> Authorities);

/// <remarks>Force: Also where devices are locked out by it.</remarks>
internal sealed record FinishRequest(bool Force);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenCreatedView))]
[JsonSerializable(typeof(TokensAnswer))]
[JsonSerializable(typeof(StandingRequest))]
[JsonSerializable(typeof(DeviceIdentityView))]
[JsonSerializable(typeof(DeviceStandingsAnswer))]
[JsonSerializable(typeof(AuthoritiesAnswer))]
[JsonSerializable(typeof(EmptyRequest))]
[JsonSerializable(typeof(FinishRequest))]
internal sealed partial class IdentityJson : JsonSerializerContext;

/// <summary>From what is stored to what is shown.</summary>
internal static class IdentityViews
{
    public const string Enrolment = "enrolment", Bearer = "bearer";
    public const string Active = "active", Quarantined = "quarantined", Revoked = "revoked";

    public static TokenView Of(TokenRecord token, long now) => new(
        token.Id, token.Kind == TokenKind.Enrolment ? Enrolment : Bearer, token.Device,
        token.Used is not null ? "used" : token.Withdrawn is not null ? "withdrawn" : token.Expires <= now ? "expired" : "open",
        token.Author, UnixTime.Format(token.Created), Expires(token.Expires), Instant(token.Used), token.Serial, token.Replays);

    public static DeviceIdentityView Of(ControlSession session, string device, long now)
    {
        DeviceDecision decision = DeviceRecords.Find(session, device);
        return new DeviceIdentityView(
            device, Name(decision.Standing), decision.Reason, decision.Author, decision.Since == 0 ? null : UnixTime.Format(decision.Since),
            [.. CertificateRecords.Of(session, device).Select(certificate => Of(certificate, decision, now))],
            [.. TokenRecords.All(session).Where(token => token.Device == device).Select(token => Of(token, now))]);
    }

    /// <summary>Every device that has a certificate of this service or of which something was decided.</summary>
    public static DeviceStandingsAnswer Devices(ControlSession session)
    {
        var decisions = DeviceRecords.All(session).ToDictionary(static decision => decision.Device, StringComparer.Ordinal);
        var certificates = CertificateRecords.Latest(session).DistinctBy(static latest => latest.Device)
            .ToDictionary(static latest => latest.Device, StringComparer.Ordinal);
        return new DeviceStandingsAnswer(
        [
            .. decisions.Keys.Union(certificates.Keys).Order(StringComparer.Ordinal).Select(device =>
            {
                DeviceDecision decision = decisions.GetValueOrDefault(device) ?? DeviceDecision.None(device);
                return new DeviceStandingView(
                    device, Name(decision.Standing), decision.Reason, Instant(certificates.GetValueOrDefault(device)?.NotAfter));
            }),
        ]);
    }

    public static AuthoritiesAnswer Of(Authorities authorities, ControlDatabase control) => new(
    [
        .. authorities.All.Select(generation => new AuthorityView(
            generation.Number, generation.Root.Subject, generation.Root.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256),
            UnixTime.Format(new DateTimeOffset(generation.Root.NotAfter).ToUnixNanoseconds()), generation == authorities.Issuing, generation == authorities.Serving,
            generation.Signer is not null, control.Read(session => Authorities.DevicesOf(session, generation.Number)), generation.Root.ExportCertificatePem())),
    ]);

    public static DeviceStanding? Standing(string name) => name switch
    {
        Active => DeviceStanding.Active,
        Quarantined => DeviceStanding.Quarantined,
        Revoked => DeviceStanding.Revoked,
        _ => null,
    };

    public static string? Expires(long instant) => instant == long.MaxValue ? null : UnixTime.Format(instant);

    private static string Name(DeviceStanding standing) => standing switch
    {
        DeviceStanding.Active => Active,
        DeviceStanding.Quarantined => Quarantined,
        _ => Revoked,
    };

    private static CertificateView Of(CertificateRecord certificate, DeviceDecision decision, long now) => new(
        certificate.Serial,
        decision.Standing == DeviceStanding.Revoked || certificate.NotBefore < decision.CredentialsFrom ? Revoked : certificate.NotAfter < now ? "expired" : "valid",
        UnixTime.Format(certificate.NotBefore), UnixTime.Format(certificate.NotAfter), UnixTime.Format(certificate.Issued), certificate.Token, certificate.Authority);

    private static string? Instant(long? instant) => instant is { } set ? UnixTime.Format(set) : null;
}
