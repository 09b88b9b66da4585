using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;

namespace EdgeAgent.Uplink;

/// <summary>
/// What the device shows and what it trusts, as read from PEM files: those that the configuration names, or those of the device's own identity. Read again when one
/// of them has changed.
/// </summary>
internal sealed class DeviceCredentials
{
    private readonly X509Certificate2Collection? _roots;
    private readonly X509Certificate2? _device;
    private readonly X509Certificate2Collection _intermediates = [];
    private readonly string _stamp;
    private X509Certificate2Collection _service = [];

    /// <exception cref="NotEnrolledException">The identity is the device's own, and there is none yet.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should, or key and certificate do not belong together.</exception>
    public DeviceCredentials(UplinkOptions options)
    {
        // Before the files are read: one that changes in between is then read once more, not once too rarely.
        _stamp = Stamp(options);
        _roots = Trusted(options);
        if (options.Identity is { } identity)
        {
            Generation = options.Generation ?? identity.Current;
            if (options.Generation != 0)
            {
                StoredCertificate stored = identity.Read(Generation) ?? throw new NotEnrolledException();
                using ECDsa key = identity.Keys.Open(Generation);
                _device = ForTls(stored.Own.CopyWithPrivateKey(key));
                _intermediates.AddRange(stored.Chain.Skip(1).ToArray());
            }
        }
        else if (options.CertificateFile is not null)
        {
            string chain = File.ReadAllText(options.CertificateFile);
            _device = ForTls(Pair(chain, File.ReadAllText(options.KeyFile ?? options.CertificateFile)));
            _intermediates.ImportFromPem(chain);
            _intermediates.RemoveAt(0);
        }
    }

    /// <summary>The generation of the device's own identity that is shown; 0 where none is, or the files are somebody else's.</summary>
    public int Generation { get; }

    /// <summary>The roots to trust; null is the system's.</summary>
    public X509Certificate2Collection? Roots => _roots;

    public X509Certificate2? Device => _device;

    /// <summary>
    /// What stands behind the device's certificate in its file: sent along, so that the service needs to know the root only.
    /// </summary>
    public X509Certificate2Collection Intermediates => _intermediates;

    /// <summary>The chain of the service that was met last with these, its own certificate first; empty where none was.</summary>
    public X509Certificate2Collection Service
    {
        get => Volatile.Read(ref _service);
        set => Volatile.Write(ref _service, value);
    }

    /// <summary>One of the files is not the one that was read.</summary>
    public bool HaveChanged(UplinkOptions options) => _stamp != Stamp(options);

    /// <summary>False once the device's certificate has run out: who shows it then is refused everywhere.</summary>
    public bool AreValidAt(DateTimeOffset now) => _device is null || now < _device.NotAfter;

    /// <summary>Differs where one of the files is not the one that it was.</summary>
    public static string Stamp(UplinkOptions options) => options.Identity is { } identity
        ? $"{PemFiles.Stamp(options.AuthorityFile)}|{identity.Stamp(options.Generation)}"
        : $"{PemFiles.Stamp(options.AuthorityFile)}|{PemFiles.Stamp(options.CertificateFile)}|{PemFiles.Stamp(options.KeyFile)}";

    /// <summary>Those of the configuration, and those that the service has named since.</summary>
    private static X509Certificate2Collection? Trusted(UplinkOptions options)
    {
        X509Certificate2Collection roots = options.AuthorityFile is { } file ? PemFiles.LoadRoots(file) : [];
        X509Certificate2Collection named = options.Identity?.ReadRoots() ?? [];
        roots.AddRange(named);
        return options.AuthorityFile is null && named.Count == 0 ? null : roots;
    }

    private static X509Certificate2 ForTls(X509Certificate2 paired)
    {
        if (OperatingSystem.IsLinux())
        {
            // A key that cannot be read, in a TPM, stays where it is.
            return paired;
        }
        using (paired)
        {
            // A key that exists in memory only is refused by the TLS of some platforms.
            return X509CertificateLoader.LoadPkcs12(paired.Export(X509ContentType.Pkcs12), null);
        }
    }

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
}
