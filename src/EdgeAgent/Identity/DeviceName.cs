using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Identity;

/// <summary>
/// Who a device's certificate says it is:
/// <code>
/// subjectAltName (2.5.29.17) := … uniformResourceIdentifier [6] "urn:edge-agent:device:" name …
/// </code>
/// </summary>
internal static class DeviceName
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string Prefix = "urn:edge-agent:device:";

    /// <returns>Null where it does not say.</returns>
    public static string? Of(X509Certificate2 certificate)
    {
        var uri = new Asn1Tag(TagClass.ContextSpecific, 6);
        try
        {
            foreach (X509Extension extension in certificate.Extensions.Where(static extension => extension.Oid?.Value == SubjectAlternativeName))
            {
                AsnReader names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (!names.PeekTag().HasSameClassAndValue(uri))
                    {
                        names.ReadEncodedValue();
                    }
                    else if (names.ReadCharacterString(UniversalTagNumber.IA5String, uri) is { } text && text.StartsWith(Prefix, StringComparison.Ordinal))
                    {
                        return text[Prefix.Length..];
                    }
                }
            }
        }
        catch (AsnContentException)
        {
            // A certificate that says nothing that could be read says nothing.
        }
        return null;
    }
}
