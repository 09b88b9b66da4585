using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;

namespace EdgeAgent.Identity;

/// <summary>What becomes of the roots that come with a certificate.</summary>
internal static class TrustedRoots
{
    /// <summary>One in use, one that comes, and room for one that goes.</summary>
    private const int Most = 8;

    /// <summary>
    /// <code>
    /// roots := offered                  where they vouch for the service that the answer came from
    ///        | offered and held         where they do not, and others are held: nothing that works is given up for what does not
    ///        | nothing new              where they do not and none are held: the system's, or those of the configuration, serve on
    /// </code>
    /// </summary>
    /// <param name="offered">DER, as the service sent them.</param>
    /// <param name="held">What the service said before.</param>
    /// <param name="service">The service's chain as it was seen, its own certificate first.</param>
    /// <returns>Null: what is held stays as it is.</returns>
    public static X509Certificate2Collection? Choose(IEnumerable<ByteString> offered, X509Certificate2Collection held, X509Certificate2Collection service)
    {
        var roots = new X509Certificate2Collection();
        foreach (ByteString der in offered.Take(Most))
        {
            try
            {
                roots.Add(X509CertificateLoader.LoadCertificate(der.Span));
            }
            catch (CryptographicException)
            {
                // A set with something in it that is no certificate is not the set that was meant.
                return null;
            }
        }
        if (roots.Count == 0)
        {
            return null;
        }
        if (PemFiles.VouchFor(roots, service))
        {
            return roots;
        }
        if (held.Count == 0)
        {
            return null;
        }
        roots.AddRange(held.Where(one => !roots.Contains(one)).ToArray());
        return roots;
    }
}
