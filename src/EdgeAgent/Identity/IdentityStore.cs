using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Identity;

/// <summary>
/// The device's identity on disk, in generations, each a key and the certificate for it:
/// <code>
/// N.key          the private key, where the device makes its own; see <see cref="MadeKeys"/>
/// N.request      the request for a certificate (PKCS#10, DER), kept so that a lost answer is asked for again with the same bytes
/// N.chain        the certificate, as <see cref="StoredCertificate"/> writes it
/// current        := decimal LF        the generation in force
/// roots.pem      the roots that the service said to trust, PEM
/// refused.chain  the last certificate that the service issued and then did not accept, for people
/// lock           held while somebody changes any of it
/// </code>
/// Each file is replaced in one piece and synced with its folder, in the order request, roots, chain, current; so whenever the power fails the generation in force
/// is whole. What it means that a file is there:
/// <code>
/// in force    := what current says, where its certificate and key fit together; else the highest generation that is whole
/// asked for   := in force + 1 has a request and no chain: ask again
/// candidate   := in force + 1 is whole: prove it, then let current say so
/// kept        := in force − 1: until in force has earned a receipt
/// </code>
/// </summary>
internal sealed class IdentityStore(string folder, IDeviceKeys keys)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const string ChainSuffix = ".chain", RequestSuffix = ".request";

    /// <summary>EAGAIN, which flock(2) answers where another process has the lock.</summary>
    private const int Taken = 11;

    private string CurrentFile => Path.Combine(folder, "current");

    public string Folder => folder;

    public IDeviceKeys Keys => keys;

    public string RootsFile => Path.Combine(folder, "roots.pem");

    /// <summary>What the service did not accept the last time, for people.</summary>
    public string RefusedFile => Path.Combine(folder, "refused.chain");

    /// <summary>The generation that the file says is in force; 0 where it says nothing.</summary>
    public int Said => TryReadText(CurrentFile) is { } text
        && int.TryParse(text.AsSpan().TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int generation) ? generation : 0;

    /// <summary>The generation in force; 0 where there is none, and the device has to be enrolled.</summary>
    public int Current => Said is > 0 and int said && Read(said) is not null ? said : HighestBelow(int.MaxValue);

    public static IdentityStore Of(IdentityOptions options) =>
        new(options.Folder, options.KeyFile is { } key ? new GivenKey(key) : new MadeKeys(options.Folder));

    /// <summary>The highest generation before one that is whole; 0 where there is none.</summary>
    public int HighestBelow(int generation) =>
        Generations().Where(one => one < generation).OrderDescending().FirstOrDefault(one => Read(one) is not null);

    /// <summary>Null where it is not whole: a file is missing or damaged, or the key is for another certificate.</summary>
    public StoredCertificate? Read(int generation)
    {
        if (generation == 0 || TryReadText(FileOf(generation, ChainSuffix)) is not { } text)
        {
            return null;
        }
        try
        {
            StoredCertificate stored = StoredCertificate.Parse(text);
            using ECDsa key = keys.Open(generation);
            return stored.Own.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()) ? stored : null;
        }
        catch (Exception unusable) when (unusable is CryptographicException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The service's roots; empty where it has not named any, or they are damaged: then those of the configuration, or the system's, have to do.</summary>
    public X509Certificate2Collection ReadRoots()
    {
        try
        {
            return File.Exists(RootsFile) ? PemFiles.LoadRoots(RootsFile) : [];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    /// <summary>Whether a certificate was asked for that is not there yet.</summary>
    public bool HasRequest(int generation) => File.Exists(FileOf(generation, RequestSuffix));

    /// <summary>Differs where what a connection shows and trusts is not what it was.</summary>
    /// <param name="generation">What it shows; null: whatever is in force.</param>
    public string Stamp(int? generation)
    {
        int shown = generation ?? Said;
        return string.Create(CultureInfo.InvariantCulture, $"{shown}|{PemFiles.Stamp(FileOf(shown, ChainSuffix))}|{keys.Stamp(shown)}|{PemFiles.Stamp(RootsFile)}");
    }

    /// <returns>Null where somebody else is changing it.</returns>
    public IDisposable? TryLock()
    {
        DurableFile.CreateFolder(folder);
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held.HResult == Taken)
        {
            return null;
        }
    }

    /// <summary>A request for a certificate (PKCS#10, DER), and the key for it: those of an earlier attempt where there are such.</summary>
    public byte[] PrepareRequest(int generation)
    {
        keys.Prepare(generation);
        using ECDsa key = keys.Open(generation);
        string file = FileOf(generation, RequestSuffix);
        if (File.Exists(file) && File.ReadAllBytes(file) is var made && IsFor(made, key))
        {
            return made;
        }
        // The service does not look at the subject: who the device is it knows by token or certificate.
        byte[] request = new CertificateRequest("CN=edge-agent", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        DurableFile.Replace(file, request, Readable);
        return request;
    }

    public void Keep(int generation, ReadOnlySpan<byte> chain) => DurableFile.Replace(FileOf(generation, ChainSuffix), chain, Readable);

    public void KeepRoots(X509Certificate2Collection roots) => DurableFile.Replace(
        RootsFile, Encoding.ASCII.GetBytes(string.Concat(roots.Select(static root => root.ExportCertificatePem() + "\n"))), Readable);

    /// <summary>From now on this one is in force.</summary>
    public void Promote(int generation) =>
        DurableFile.Replace(CurrentFile, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{generation}\n")), Readable);

    /// <summary>The service does not accept it: its certificate is kept for people, its key is not.</summary>
    public void SetAside(int generation)
    {
        File.Move(FileOf(generation, ChainSuffix), RefusedFile, overwrite: true);
        DurableFile.Delete(FileOf(generation, RequestSuffix));
        keys.Forget(generation);
    }

    /// <summary>Those before are not needed any more.</summary>
    public void ForgetBefore(int generation)
    {
        foreach (int past in Generations().Where(past => past < generation))
        {
            keys.Forget(past);
            DurableFile.Delete(FileOf(past, RequestSuffix));
            // The last one, because by it the generation is found again.
            DurableFile.Delete(FileOf(past, ChainSuffix));
        }
    }

    /// <summary>Every generation that has a certificate.</summary>
    private List<int> Generations()
    {
        var found = new List<int>();
        foreach (string file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + ChainSuffix) : [])
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int generation))
            {
                found.Add(generation);
            }
        }
        return found;
    }

    private static bool IsFor(byte[] request, ECDsa key)
    {
        try
        {
            return CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256).PublicKey.ExportSubjectPublicKeyInfo().AsSpan()
                .SequenceEqual(key.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string? TryReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string FileOf(int generation, string suffix) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{generation}{suffix}"));
}
