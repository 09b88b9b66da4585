using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Identity;

/// <summary>
/// When a certificate is renewed:
/// <code>
/// due     := what the service said, where that is within the certificate's life; else two thirds of the life
/// renewal := due + fraction × min(spread, (end − due) / 4)
/// </code>
/// The fraction comes from the certificate's own bytes: even over a fleet, and the same after each start.
/// </summary>
internal static class RenewalTime
{
    public static DateTimeOffset Of(X509Certificate2 certificate, DateTimeOffset? renewAfter, TimeSpan spread)
    {
        DateTimeOffset begin = certificate.NotBefore, end = certificate.NotAfter;
        DateTimeOffset due = renewAfter is { } said && said >= begin && said < end ? said : begin + ((end - begin) * (2.0 / 3));
        TimeSpan most = (end - due) / 4;
        return due + ((spread < most ? spread : most) * Fraction(certificate));
    }

    private static double Fraction(X509Certificate2 certificate) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(certificate.RawDataMemory.Span)) / (double)uint.MaxValue;
}
