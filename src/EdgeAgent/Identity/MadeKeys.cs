using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Identity;

/// <summary>A key for each certificate, made on the device: EC P-256, PKCS#8 in PEM, in a file that only the agent's user may read.</summary>
internal sealed class MadeKeys(string folder) : IDeviceKeys
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public void Prepare(int generation)
    {
        if (IsUsable(generation))
        {
            return;
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DurableFile.Replace(FileOf(generation), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()), OwnerOnly);
    }

    public ECDsa Open(int generation) => PemFiles.LoadKey(FileOf(generation));

    public void Forget(int generation) => DurableFile.Delete(FileOf(generation));

    public string Stamp(int generation) => PemFiles.Stamp(FileOf(generation));

    private bool IsUsable(int generation)
    {
        try
        {
            Open(generation).Dispose();
            return true;
        }
        catch (Exception unusable) when (unusable is FileNotFoundException or CryptographicException)
        {
            // A disk that cannot be read at all is another matter: a key must not be replaced for that.
            return false;
        }
    }

    private string FileOf(int generation) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{generation}.key"));
}
