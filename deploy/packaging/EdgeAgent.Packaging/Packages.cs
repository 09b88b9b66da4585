using System.Text;

namespace EdgeAgent.Packaging;

/// <summary>Makes what is shipped of one program for one runtime identifier: an archive, a Debian package where Debian has the architecture, and the checksums of all.</summary>
internal static class Packages
{
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100; // rw-r--r--

    /// <returns>The files that were made.</returns>
    public static IReadOnlyList<string> Write(PackageRequest request)
    {
        Directory.CreateDirectory(request.Output);
        var made = new Dictionary<string, string>(StringComparer.Ordinal) { [ThirdPartyNotices.FileName] = ThirdPartyNotices.Of(request) };
        var written = new List<string> { WriteArchive(request, made) };
        if (request.Architecture is { } architecture)
        {
            string path = Path.Combine(request.Output, $"{request.Program}_{request.DebianVersion}_{architecture}.deb");
            using FileStream package = File.Create(path);
            DebianPackage.Write(package, request, Read(request, "deb.layout", made));
            written.Add(path);
        }
        Checksums.WriteBeside(request.Output);
        return written;
    }

    /// <summary>All in one folder, named as the archive is.</summary>
    private static string WriteArchive(PackageRequest request, Dictionary<string, string> made)
    {
        string name = $"{request.Program}-{request.Version}-{request.Rid}";
        List<PackedFile> files = Read(request, "tar.layout", made);
        files.Add(new PackedFile(PackedKind.File, Checksums.FileName, Readable, Encoding.UTF8.GetBytes(Checksums.Of(files))));
        string path = Path.Combine(request.Output, $"{name}.tar.gz");
        File.WriteAllBytes(path, TarArchive.Write(files, $"{name}/", request.Time));
        return path;
    }

    private static List<PackedFile> Read(PackageRequest request, string layout, Dictionary<string, string> made) =>
        Layout.Read(File.ReadAllText(Path.Combine(request.Folder, layout)), request, made);
}
