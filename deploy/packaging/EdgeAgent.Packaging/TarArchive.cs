using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace EdgeAgent.Packaging;

/// <summary>
/// A compressed tar archive (POSIX ustar, gzip) that is the same for the same files: entries in the order of their paths, each folder before what is in it, everything
/// owned by root and of one time. Paths begin with a prefix, as dpkg wants "./".
/// </summary>
internal static class TarArchive
{
    private const UnixFileMode FolderMode = (UnixFileMode)0b111_101_101; // rwxr-xr-x

    public static byte[] Write(IEnumerable<PackedFile> files, string prefix, DateTimeOffset time)
    {
        using var bytes = new MemoryStream();
        using (var compressed = new GZipStream(bytes, CompressionLevel.SmallestSize))
        using (var tar = new TarWriter(compressed, TarEntryFormat.Ustar))
        {
            foreach (PackedFile file in WithFolders(files))
            {
                bool isFolderInside = file.Kind == PackedKind.Folder && file.Path.Length > 0;
                var entry = new UstarTarEntry(TypeOf(file.Kind), prefix + file.Path + (isFolderInside ? "/" : ""))
                {
                    Mode = file.Mode,
                    ModificationTime = time,
                    UserName = "root",
                    GroupName = "root",
                };
                if (file.HasContents)
                {
                    entry.DataStream = new MemoryStream(file.Contents);
                }
                else if (file.Kind == PackedKind.Link)
                {
                    entry.LinkName = Encoding.UTF8.GetString(file.Contents);
                }
                tar.WriteEntry(entry);
            }
        }
        return bytes.ToArray();
    }

    /// <summary>The files with every folder above them, in order. The first is the archive's own root, an empty path.</summary>
    private static SortedDictionary<string, PackedFile>.ValueCollection WithFolders(IEnumerable<PackedFile> files)
    {
        var entries = new SortedDictionary<string, PackedFile>(StringComparer.Ordinal);
        foreach (PackedFile file in files)
        {
            entries[file.Path] = file;
            for (string? folder = Parent(file.Path); folder is not null; folder = Parent(folder))
            {
                entries.TryAdd(folder, new PackedFile(PackedKind.Folder, folder, FolderMode, []));
            }
        }
        return entries.Values;
    }

    private static string? Parent(string path) =>
        path.Length == 0 ? null : path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    private static TarEntryType TypeOf(PackedKind kind) => kind switch
    {
        PackedKind.Folder => TarEntryType.Directory,
        PackedKind.Link => TarEntryType.SymbolicLink,
        _ => TarEntryType.RegularFile,
    };
}
