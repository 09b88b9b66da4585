using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;

namespace EdgeAgent.Uplink;

/// <summary>What the device shows and what it trusts, as read from PEM files. Read again when one of them has changed.</summary>
internal sealed class DeviceCredentials
{
    private readonly X509Certificate2Collection? _roots;
    private readonly X509Certificate2? _device;
    private readonly X509Certificate2Collection _intermediates = [];
    private readonly string _stamp;

    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should, or key and certificate do not belong together.</exception>
    public DeviceCredentials(UplinkOptions options)
    {
        // Before the files are read: one that changes in between is then read once more, not once too rarely.
        _stamp = Stamp(options);
        if (options.AuthorityFile is not null)
        {
            _roots = PemFiles.LoadRoots(options.AuthorityFile);
        }
        if (options.CertificateFile is not null)
        {
            string chain = File.ReadAllText(options.CertificateFile);
            using X509Certificate2 fromPem = Pair(chain, File.ReadAllText(options.KeyFile ?? options.CertificateFile));
            // Through PKCS#12, because a key that exists in memory only is refused by the TLS of some platforms.
            _device = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null);
            _intermediates.ImportFromPem(chain);
            _intermediates.RemoveAt(0);
        }
    }

    /// <summary>The roots to trust; null is the system's.</summary>
    public X509Certificate2Collection? Roots => _roots;

    public X509Certificate2? Device => _device;

    /// <summary>
    /// What stands behind the device's certificate in its file: sent along, so that the service needs to know the root only.
    /// </summary>
    public X509Certificate2Collection Intermediates => _intermediates;

    /// <summary>One of the files is not the one that was read.</summary>
    public bool HaveChanged(UplinkOptions options) => _stamp != Stamp(options);

    /// <summary>False once the device's certificate has run out: who shows it then is refused everywhere.</summary>
    public bool AreValidAt(DateTimeOffset now) => _device is null || now < _device.NotAfter;

    private static X509Certificate2 Pair(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (ArgumentException mismatch)
        {
            // Two files cannot be replaced in one moment, so this is what is read in between.
            throw new CryptographicException("The key and the certificate do not belong together.", mismatch);
        }
    }

    /// <summary>Differs where one of the files is not the one that it was.</summary>
    public static string Stamp(UplinkOptions options) => string.Join(
        '|',
        new[] { options.AuthorityFile, options.CertificateFile, options.KeyFile }.Select(static path =>
            path is null ? "" : $"{new FileInfo(path) switch { { Exists: true } file => $"{file.LastWriteTimeUtc.Ticks}/{file.Length}", _ => "gone" }}"));
}
