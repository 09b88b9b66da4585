using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Who a client is by its certificate: the DNS names in it, or its common name where it has none.</summary>
internal static class CertificateIdentity
{
    private const string SubjectAlternativeName = "x509_subject_alternative_name";
    private const string CommonName = "x509_common_name";

    public static AuthContext Read(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return new AuthContext(null, []);
        }
        var properties = new Dictionary<string, List<AuthProperty>>();
        Add(properties, CommonName, [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)]);
        Add(properties, SubjectAlternativeName, certificate.Extensions
            .OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames()));
        string? identity = properties.ContainsKey(SubjectAlternativeName) ? SubjectAlternativeName
            : properties.ContainsKey(CommonName) ? CommonName
            : null;
        return new AuthContext(identity, properties);
    }

    private static void Add(Dictionary<string, List<AuthProperty>> properties, string name, IEnumerable<string> values)
    {
        List<AuthProperty> found = [.. values.Where(value => value.Length > 0)
            .Select(value => AuthProperty.Create(name, Encoding.UTF8.GetBytes(value)))];
        if (found.Count > 0)
        {
            properties[name] = found;
        }
    }
}
