using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;

namespace EdgeAgent.Configuration;

/// <summary>Keys that name PEM files. What is in them is tried, so that a mixed-up pair shows at the check and not on the roof.</summary>
internal static class CertificateFiles
{
    /// <summary>A certificate chain and its key: both or none.</summary>
    public static (string? Certificate, string? Key) ReadPair(ConfigSection section, string certificate, string key, bool required)
    {
        string? certificateFile = section.ExistingFile(certificate, required);
        string? keyFile = section.ExistingFile(key, required);
        if (!required && section.Has(certificate) != section.Has(key))
        {
            section.Report(section.Has(key) ? certificate : key, $"\"{certificate}\" and \"{key}\" belong together. Give both or none.");
        }
        if (File.Exists(certificateFile) && File.Exists(keyFile))
        {
            Try(section, certificate, () => X509Certificate2.CreateFromPemFile(certificateFile, keyFile).Dispose(), $"and \"{key}\" are no PEM files of one pair");
        }
        return (certificateFile, keyFile);
    }

    /// <summary>Roots to trust.</summary>
    public static string? ReadAuthorities(ConfigSection section, string key)
    {
        string? file = section.ExistingFile(key);
        if (File.Exists(file))
        {
            Try(section, key, () => LoadAuthorities(file), "holds no certificate in PEM");
        }
        return file;
    }

    private static void LoadAuthorities(string file)
    {
        if (PemFiles.LoadRoots(file).Count == 0)
        {
            throw new CryptographicException("There is no certificate in it.");
        }
    }

    private static void Try(ConfigSection section, string key, Action load, string otherwise)
    {
        try
        {
            load();
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // ArgumentException is what a key of another certificate gives.
            // The reason can name a line of the file, never what is in the key.
            section.Report(key, $"\"{key}\" {otherwise}: {failure.Message} Put the right files there.");
        }
    }
}
