using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// Judges the certificate at the other end in one handshake, and keeps in words which check failed: the exception that SslStream throws
/// says only that one did.
/// </summary>
/// <param name="peer">How the log names the other end.</param>
/// <param name="name">The name that the certificate has to be for.</param>
/// <param name="pins">Of which one has to be in the chain; empty for no such condition.</param>
/// <param name="times">At what time the certificates have to be valid.</param>
/// <param name="trustsPins">A pin is enough, whoever issued the chain.</param>
internal sealed class ServerCheck(string peer, string name, IReadOnlyCollection<string> pins, CertificateTimes times, bool trustsPins = false)
{
    private const X509ChainStatusFlags Times = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested;

    /// <summary>All that may be wrong with a chain that ends in nobody who is trusted here: signatures, purposes and times up to its last certificate are right.</summary>
    private const X509ChainStatusFlags UnknownIssuer = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>What is wrong; null where nothing is.</summary>
    public ConnectFailedException? Failure { get; private set; }

    /// <summary>The chain that was found good, the peer's own certificate first.</summary>
    public X509Certificate2Collection Good { get; } = [];

    /// <summary>
    /// For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>; the chain is built and its errors are found already.
    /// </summary>
    public bool IsGood(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Failure = certificate is X509Certificate2 shown && chain is not null && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)
            ? Judge(shown, chain, errors)
            : new ConnectFailedException(ConnectFailureCause.TlsAuthority, $"{peer} showed no certificate.");
        return Failure is null;
    }

    private ConnectFailedException? Judge(X509Certificate2 shown, X509Chain built, SslPolicyErrors errors)
    {
        using X509Chain? again = times.BuildAnew(shown, built);
        X509Chain chain = again ?? built;
        X509ChainStatus[] found = chain.ChainStatus;
        bool isUntrusted = again is null ? errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) : found.Length > 0;
        if (isUntrusted && !(trustsPins && found.All(static status => (status.Status & ~UnknownIssuer) == 0)))
        {
            string why = string.Join("; ", found.Select(static status => status.StatusInformation.TrimEnd()));
            return found.Length > 0 && found.All(static status => (status.Status & ~Times) == 0)
                ? new ConnectFailedException(ConnectFailureCause.TlsTime, $"The certificate of {peer} is not valid at this device's time: {Validity(chain)}")
                : new ConnectFailedException(
                    ConnectFailureCause.TlsAuthority,
                    $"The certificate of {peer} is not trusted here: it was issued by '{shown.Issuer}' ({why}).");
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return new ConnectFailedException(ConnectFailureCause.TlsName, $"The certificate of {peer} is for {Names(shown)}, not for {name}.");
        }
        if (pins.Count > 0 && !chain.ChainElements.Any(element => pins.Contains(PublicKeyPin.Of(element.Certificate))))
        {
            return new ConnectFailedException(
                ConnectFailureCause.TlsPin,
                $"None of the certificates of {peer} is pinned: its own has the pin {PublicKeyPin.Of(shown)}, issued by '{shown.Issuer}'.");
        }
        foreach (X509ChainElement element in chain.ChainElements)
        {
            // Copies, because those of a chain go with it.
            Good.Add(X509CertificateLoader.LoadCertificate(element.Certificate.RawDataMemory.Span));
        }
        return null;
    }

    /// <summary>The clock stands beside the dates, because on a board without a battery it is the clock that is wrong.</summary>
    private static string Validity(X509Chain chain)
    {
        DateTime now = chain.ChainPolicy.VerificationTime;
        X509Certificate2 outside = chain.ChainElements.Select(static element => element.Certificate)
            .FirstOrDefault(one => now < one.NotBefore || now > one.NotAfter) ?? chain.ChainElements[0].Certificate;
        string validity = $"{outside.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} to {outside.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC";
        return $"'{outside.Subject}' is valid from {validity}, and the clock says {now.ToUniversalTime():yyyy-MM-dd HH:mm}.";
    }

    private static string Names(X509Certificate2 shown)
    {
        string[] names =
        [
            .. shown.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(static alternative =>
                    alternative.EnumerateDnsNames().Concat(alternative.EnumerateIPAddresses().Select(static address => address.ToString()))),
        ];
        // A certificate of a hoster may have hundreds.
        return names.Length == 0 ? $"'{shown.Subject}'" : string.Join(", ", names.Take(4)) + (names.Length > 4 ? " and others" : "");
    }
}
