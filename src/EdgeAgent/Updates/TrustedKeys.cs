using System.Security.Cryptography;

namespace EdgeAgent.Updates;

/// <summary>
/// Whose signatures count: the public keys in a folder that only root may write, one or more as PEM in each <c>*.pem</c>, elliptic curves P-256. An update is refused while
/// somebody else could have put a key there.
/// </summary>
internal static class TrustedKeys
{
    private const int CurveBits = 256;

    /// <summary>A few people sign releases. Each key is tried.</summary>
    private const int MaximumKeys = 16;
    private const int MaximumFileBytes = 16 << 10;

    /// <summary>Whether one of the keys has signed these bytes.</summary>
    public static Refusal? Check(string folder, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.pem") : [];
        if (files.Length is 0 or > MaximumKeys)
        {
            string many = files.Length == 0 ? "no key" : "too many keys";
            return new Refusal(RefusalCause.KeysUnsafe, $"There is {many} in {folder}: put the public key of whoever signs updates there, as NAME.pem.");
        }
        // The folder above too: who may rename in it may put another folder in this one's place.
        foreach (string path in files.Append(folder).Append(Path.GetDirectoryName(folder)!))
        {
            if (!UnixFiles.IsOnlyOurs(path))
            {
                return new Refusal(RefusalCause.KeysUnsafe, $"{path} could have been changed by others than root: chown root and chmod go-w it, after a look at the keys.");
            }
        }
        foreach (string file in files)
        {
            if (IsSignedBy(file, signed, signature))
            {
                return null;
            }
        }
        return new Refusal(RefusalCause.NotTrusted, $"No key in {folder} has signed this update: it was changed on its way, or somebody else signed it.");
    }

    private static bool IsSignedBy(string file, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (new FileInfo(file).Length > MaximumFileBytes)
        {
            return false;
        }
        ReadOnlySpan<char> text = File.ReadAllText(file);
        while (PemEncoding.TryFind(text, out PemFields found))
        {
            using var key = ECDsa.Create();
            if (TryImport(key, text[found.Location]) && key.KeySize == CurveBits
                && key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
            {
                return true;
            }
            text = text[found.Location.End..];
        }
        return false;
    }

    /// <summary>What is no key of elliptic curves is another's business: it signs nothing here.</summary>
    private static bool TryImport(ECDsa key, ReadOnlySpan<char> pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return true;
        }
        catch (Exception other) when (other is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
