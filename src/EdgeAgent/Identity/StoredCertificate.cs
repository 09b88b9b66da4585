using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeAgent.Identity;

/// <summary>
/// A certificate as the service issued it, in one file, so that nothing of it is there without the rest:
/// <code>
/// file  := ["renew-after: " decimal LF] chain        seconds since 1970-01-01T00:00:00Z
/// chain := PEM (RFC 7468): the device's own certificate, then the intermediates
/// </code>
/// Text before the first certificate is none of PEM's business, so that every tool reads the file as it is.
/// </summary>
internal sealed class StoredCertificate
{
    private const string RenewAfterKey = "renew-after: ";

    private StoredCertificate(X509Certificate2Collection chain, DateTimeOffset? renewAfter) => (Chain, RenewAfter) = (chain, renewAfter);

    /// <summary>The device's own first. None of them has a key.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>The service's word for when to renew; null where it said nothing.</summary>
    public DateTimeOffset? RenewAfter { get; }

    public X509Certificate2 Own => Chain[0];

    /// <exception cref="CryptographicException">What is there is no chain of certificates.</exception>
    public static StoredCertificate Parse(string text)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text);
        if (chain.Count == 0)
        {
            throw new CryptographicException("There is no certificate in it.");
        }
        return new StoredCertificate(chain, ReadRenewAfter(text));
    }

    public static byte[] Write(X509Certificate2Collection chain, long renewAfterUnixSeconds)
    {
        var text = new StringBuilder();
        if (renewAfterUnixSeconds > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{RenewAfterKey}{renewAfterUnixSeconds}\n");
        }
        foreach (X509Certificate2 certificate in chain)
        {
            text.Append(certificate.ExportCertificatePem()).Append('\n');
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static DateTimeOffset? ReadRenewAfter(string text)
    {
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        bool isThere = text.StartsWith(RenewAfterKey, StringComparison.Ordinal) && end > 0;
        return isThere && long.TryParse(text.AsSpan(RenewAfterKey.Length, end - RenewAfterKey.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }
}
