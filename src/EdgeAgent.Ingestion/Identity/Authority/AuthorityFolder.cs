using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Ingestion.Identity.Authority;

/// <summary>
/// The service's own authorities on the disk, made whole or not at all:
/// <code>
/// DATA/authority/ := { GENERATION "/" ca.crt ca.key }      GENERATION := 1, 2, …
/// ca.crt          := PEM, the root that signs devices itself
/// ca.key          := PEM, PKCS#8, EC P-256, mode 0600; encrypted (AES-256-CBC, PBKDF2 with SHA-256) where there is a passphrase
/// GENERATION.new  := one that was never finished
/// </code>
/// </summary>
internal sealed class AuthorityFolder(string data, string? passphraseFile)
{
    private const string Certificate = "ca.crt", Key = "ca.key";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Twenty years: longer than the devices that trust it live in the field.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(20 * 365);

    /// <summary>OWASP's number for PBKDF2 with SHA-256, of 2023. It is paid once a start.</summary>
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 600_000);

    private readonly string _folder = Path.Combine(data, "authority");

    /// <returns>Null where the key is not here: another machine made this generation.</returns>
    /// <exception cref="InvalidDataException">What is there cannot be used.</exception>
    public SigningAuthority? Load(long generation)
    {
        string folder = Folder(generation);
        return File.Exists(Path.Combine(folder, Key)) ? SigningAuthority.Load(Path.Combine(folder, Certificate), Path.Combine(folder, Key), passphraseFile) : null;
    }

    /// <summary>Makes one, unless a start that did not come further has made it already.</summary>
    public SigningAuthority LoadOrCreate(long generation, DateTimeOffset now)
    {
        string folder = Folder(generation);
        if (!Directory.Exists(folder))
        {
            Create(folder, generation, now);
        }
        return Load(generation) ?? throw new InvalidDataException($"{folder} has no {Key}. Put the key back, or remove the folder if no device needs it.");
    }

    /// <summary>Makes keys useless that must sign nothing any more. The certificate stays, for people.</summary>
    public void RemoveKey(long generation) => File.Delete(Path.Combine(Folder(generation), Key));

    private void Create(string folder, long generation, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string subject = string.Create(CultureInfo.InvariantCulture, $"CN=EdgeAgent authority {generation} of {now:yyyy-MM-dd}");
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        // A day back: it is younger than no clock that is worth mentioning.
        using X509Certificate2 root = request.CreateSelfSigned(now.AddDays(-1), now + Lifetime);
        string pem = passphraseFile is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(File.ReadAllText(passphraseFile).TrimEnd('\r', '\n'), Encryption);

        string unfinished = folder + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }
        Directory.CreateDirectory(unfinished);
        SafeFiles.WriteNew(Path.Combine(unfinished, Key), pem, Private);
        SafeFiles.WriteNew(Path.Combine(unfinished, Certificate), root.ExportCertificatePem(), Public);
        SafeFiles.FlushFolder(unfinished);
        Directory.Move(unfinished, folder);
        SafeFiles.FlushFolder(_folder);
    }

    private string Folder(long generation) => Path.Combine(_folder, generation.ToString(CultureInfo.InvariantCulture));
}
