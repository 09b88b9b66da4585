using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Packaging;

/// <summary>
/// A binary package of Debian (deb(5), deb-control(5)):
/// <code>
/// package := ar( "debian-binary" = "2.0" LF, "control.tar.gz", "data.tar.gz" )
/// control := control | conffiles | md5sums | postinst | prerm | postrm
/// </code>
/// In <c>control</c> and the scripts, which both packages have in common, stand {program}, {version}, {architecture}, {size} (the KiB that it takes when it is installed),
/// {groups} (those that its user joins) and {units}.
/// </summary>
internal static class DebianPackage
{
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;   // rw-r--r--
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101; // rwxr-xr-x

    private const string UnitFolder = "lib/systemd/system/";

    private static readonly string[] Scripts = ["postinst", "prerm", "postrm"];

    /// <param name="output">Takes the package.</param>
    /// <param name="request">Of which program, and for which architecture.</param>
    /// <param name="files">What is installed.</param>
    public static void Write(Stream output, PackageRequest request, IReadOnlyList<PackedFile> files) => ArArchive.Write(
        output, request.Time,
        ("debian-binary", "2.0\n"u8.ToArray()),
        ("control.tar.gz", TarArchive.Write(Control(request, files), "./", request.Time)),
        ("data.tar.gz", TarArchive.Write(files, "./", request.Time)));

    private static IEnumerable<PackedFile> Control(PackageRequest request, IReadOnlyList<PackedFile> files)
    {
        yield return Text("control", Filled(request, files, Path.Combine(request.Folder, "control")), Readable);
        yield return Text("conffiles", Lines(files.Where(static file => file.Kind == PackedKind.Configuration).Select(static file => $"/{file.Path}")), Readable);
        yield return Text("md5sums", Lines(files.Where(static file => file.Kind == PackedKind.File).Select(static file => $"{Md5(file.Contents)}  {file.Path}")), Readable);
        foreach (string script in Scripts)
        {
            yield return Text(script, Filled(request, files, Path.Combine(request.Repository, "deploy", "packaging", "scripts", script)), Executable);
        }
    }

    private static string Filled(PackageRequest request, IReadOnlyList<PackedFile> files, string template) => File.ReadAllText(template)
        .Replace("{program}", request.Program, StringComparison.Ordinal)
        .Replace("{version}", request.DebianVersion, StringComparison.Ordinal)
        .Replace("{architecture}", request.Architecture, StringComparison.Ordinal)
        .Replace("{size}", KiB(files).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{groups}", request.Groups, StringComparison.Ordinal)
        .Replace("{units}", string.Join(' ', files.Where(static file => file.Path.StartsWith(UnitFolder, StringComparison.Ordinal)).Select(static file => file.Path[UnitFolder.Length..])), StringComparison.Ordinal);

    /// <summary>As deb-substvars(5) counts: each file in whole KiB, and one for everything else.</summary>
    private static long KiB(IReadOnlyList<PackedFile> files) => files.Sum(static file => file.HasContents ? (file.Contents.LongLength + 1023) / 1024 : 1);

    private static PackedFile Text(string name, string text, UnixFileMode mode) => new(PackedKind.File, name, mode, Encoding.UTF8.GetBytes(text));

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Order(StringComparer.Ordinal).Select(static line => line + "\n"));

    [SuppressMessage("Security", "CA5351", Justification = "dpkg --verify wants MD5, against accidents; what a download is held against is SHA-256.")]
    private static string Md5(byte[] contents) => Convert.ToHexStringLower(MD5.HashData(contents));
}
