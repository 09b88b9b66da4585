using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// Who a device is: the one subject alternative name of its certificate (RFC 5280, section 4.2.1.6) of the form
/// <code>
/// URI  := "urn:edge-agent:device:" NAME
/// NAME := 1*64( ALPHA / DIGIT / "." / "_" / "-" )
/// </code>
/// The common name is for people and is not looked at.
/// </summary>
internal static class DeviceName
{
    public const string UriPrefix = "urn:edge-agent:device:";

    public const string SubjectAlternativeName = "2.5.29.17";

    // GeneralName.uniformResourceIdentifier, RFC 5280 section 4.2.1.6.
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    private static readonly SearchValues<char> Characters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(ReadOnlySpan<char> name) => name.Length is > 0 and <= 64 && !name.ContainsAnyExcept(Characters);

    /// <returns>False where the certificate names no device, or more than one: it cannot be said who is calling.</returns>
    public static bool TryRead(X509Certificate2 certificate, [NotNullWhen(true)] out string? name) => TryRead(certificate, UriPrefix, out name);

    /// <summary>The same for others who are named in this way, after a prefix of their own.</summary>
    public static bool TryRead(X509Certificate2 certificate, string prefix, [NotNullWhen(true)] out string? name)
    {
        name = certificate.Extensions[SubjectAlternativeName] is { } extension && TryReadAll(extension.RawData, prefix, out IReadOnlyList<string> names)
            && names.Count == 1 && IsValid(names[0]) ? names[0] : null;
        return name is not null;
    }

    /// <summary>What follows the prefix in the alternative names that begin with it, valid or not.</summary>
    /// <returns>False where the extension cannot be read.</returns>
    public static bool TryReadAll(ReadOnlyMemory<byte> extension, string prefix, out IReadOnlyList<string> names)
    {
        var found = new List<string>();
        names = found;
        try
        {
            AsnReader reader = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (reader.HasData)
            {
                if (!reader.PeekTag().HasSameClassAndValue(UriTag))
                {
                    reader.ReadEncodedValue();
                    continue;
                }
                string uri = reader.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
                if (uri.StartsWith(prefix, StringComparison.Ordinal))
                {
                    found.Add(uri[prefix.Length..]);
                }
            }
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
