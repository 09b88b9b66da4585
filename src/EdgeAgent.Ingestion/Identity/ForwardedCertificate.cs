using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// The certificate that a proxy has seen, in a header that it sets:
/// <code>
/// Client-Cert   := ":" base64(DER) ":"                  RFC 9440, section 2.2; haproxy: :%[ssl_c_der,base64]:
/// X-Client-Cert := percent-encoded PEM                  nginx: $ssl_client_escaped_cert
/// </code>
/// Exactly one of the two, once. Where there are both, one of them may be the device's own invention.
/// </summary>
internal static class ForwardedCertificate
{
    public const string StandardHeader = "Client-Cert";
    public const string EscapedHeader = "X-Client-Cert";

    /// <summary>The proxy passes on that there is none: no header, or an empty one.</summary>
    public static bool IsMissing(IHeaderDictionary headers) =>
        headers[StandardHeader].ToString() is "" or "::" && headers[EscapedHeader].ToString().Length == 0;

    /// <returns>The certificate, to be disposed of; null where there is none, more than one, or something else.</returns>
    public static X509Certificate2? Read(IHeaderDictionary headers)
    {
        (int standard, int escaped) = (headers[StandardHeader].Count, headers[EscapedHeader].Count);
        if (standard + escaped != 1)
        {
            return null;
        }
        try
        {
            return standard == 1
                ? ReadStandard(headers[StandardHeader].ToString())
                : X509Certificate2.CreateFromPem(Uri.UnescapeDataString(headers[EscapedHeader].ToString()));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static X509Certificate2? ReadStandard(string header)
    {
        if (header.Length < 2 || header[0] != ':' || header[^1] != ':')
        {
            return null;
        }
        byte[] der = new byte[header.Length];
        return Convert.TryFromBase64Chars(header.AsSpan(1, header.Length - 2), der, out int length)
            ? X509CertificateLoader.LoadCertificate(der.AsSpan(0, length))
            : null;
    }
}
