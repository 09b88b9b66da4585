using System.Data.Common;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Identity.Enrolment;

/// <summary>A certificate that was issued to a device. Instants are nanoseconds since 1970; for the rest see <see cref="IdentitySchema"/>.</summary>
internal sealed record CertificateRecord(
    string Serial, string Device, byte[] Key, byte[] Request, long NotBefore, long NotAfter, long Issued, long? Token, long Authority, byte[] Certificate);

/// <summary>Certificates, as they are stored.</summary>
internal static class CertificateRecords
{
    private const string Columns =
        "SELECT serial, device, key, request, not_before, not_after, issued, token, authority, certificate FROM identity_certificates";

    /// <summary>Adds one, and forgets those of the device that nothing can be done with any more.</summary>
    public static void Add(ControlSession session, CertificateRecord record, TimeSpan grace)
    {
        session.Execute(
            "DELETE FROM identity_certificates WHERE device = @device AND not_after < @then",
            ("device", record.Device), ("then", record.Issued - (long)grace.TotalNanoseconds));
        session.Execute(
            "INSERT INTO identity_certificates VALUES (@serial, @device, @key, @request, @from, @until, @issued, @token, @authority, @certificate)",
            ("serial", record.Serial), ("device", record.Device), ("key", record.Key), ("request", record.Request), ("from", record.NotBefore),
            ("until", record.NotAfter), ("issued", record.Issued), ("token", record.Token), ("authority", record.Authority), ("certificate", record.Certificate));
    }

    public static CertificateRecord? Find(ControlSession session, string serial) =>
        session.Query($"{Columns} WHERE serial = @serial", Read, ("serial", serial)).SingleOrDefault();

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<CertificateRecord> Of(ControlSession session, string device) =>
        session.Query($"{Columns} WHERE device = @device ORDER BY issued DESC", Read, ("device", device));

    /// <summary>The newest one of each device.</summary>
    public static IReadOnlyList<CertificateRecord> Latest(ControlSession session) => session.Query(
        $"{Columns} AS one WHERE issued = (SELECT MAX(issued) FROM identity_certificates AS other WHERE other.device = one.device) ORDER BY device", Read);

    public static bool IsKeyOfAnother(ControlSession session, byte[] key, string device) => session.Query(
        "SELECT 1 FROM identity_certificates WHERE key = @key AND device <> @device LIMIT 1", static _ => true, ("key", key), ("device", device)).Count > 0;

    private static CertificateRecord Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), (byte[])row.GetValue(2), (byte[])row.GetValue(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
        row.IsDBNull(7) ? null : row.GetInt64(7), row.GetInt64(8), (byte[])row.GetValue(9));
}
