using System.Text;

namespace EdgeAgent.Packaging;

/// <summary>
/// What lies where in an archive, as a text beside this project says:
/// <code>
/// layout := *( line LF )
/// line   := "" | "#" comment | kind 1*SP mode 1*SP path [ 1*SP source ]
/// kind   := "file" | "conf" | "dir" | "link"
/// mode   := 4 octal digits
/// path   := without a '/' before it; one that ends with '/' is a folder that takes the source under its own name
/// source := of a link its target; else "published/" NAME | "made/" NAME | a path from the root of the repository
///           '*' in the last part of it stands for anything, and must be something
/// </code>
/// </summary>
internal static class Layout
{
    private const string Published = "published/";
    private const string Made = "made/";

    /// <param name="text">The layout.</param>
    /// <param name="request">Where sources lie.</param>
    /// <param name="made">What was made for this archive, by name.</param>
    /// <exception cref="InvalidDataException">A line cannot be read, or a source is not there; the message has the line.</exception>
    public static List<PackedFile> Read(string text, PackageRequest request, IReadOnlyDictionary<string, string> made)
    {
        var files = new List<PackedFile>();
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.StartsWith('#')))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            files.AddRange(parts switch
            {
                ["file", var mode, var path, var source] => Files(PackedKind.File, path, Mode(mode, line), source, request, made),
                ["conf", var mode, var path, var source] => Files(PackedKind.Configuration, path, Mode(mode, line), source, request, made),
                ["dir", var mode, var path] => [new PackedFile(PackedKind.Folder, path, Mode(mode, line), [])],
                ["link", var mode, var path, var target] => [new PackedFile(PackedKind.Link, path, Mode(mode, line), Encoding.UTF8.GetBytes(target))],
                _ => throw new InvalidDataException($"\"{line}\" is no line of a layout."),
            });
        }
        return files;
    }

    private static IEnumerable<PackedFile> Files(
        PackedKind kind, string path, UnixFileMode mode, string source, PackageRequest request, IReadOnlyDictionary<string, string> made)
    {
        if (source.StartsWith(Made, StringComparison.Ordinal))
        {
            string text = made.GetValueOrDefault(source[Made.Length..]) ?? throw new InvalidDataException($"{source} is not made here.");
            return [new PackedFile(kind, path, mode, Encoding.UTF8.GetBytes(text))];
        }
        string pattern = source.StartsWith(Published, StringComparison.Ordinal)
            ? Path.Combine(request.Published, source[Published.Length..])
            : Path.Combine(request.Repository, source);
        string folder = Path.GetDirectoryName(pattern)!;
        string[] found = Directory.Exists(folder) ? Directory.GetFiles(folder, Path.GetFileName(pattern)) : [];
        if (found.Length == 0)
        {
            throw new InvalidDataException($"There is no {source}, which is to be packed as {path}.");
        }
        return found.Order(StringComparer.Ordinal).Select(file => new PackedFile(
            kind, path.EndsWith('/') ? path + Path.GetFileName(file) : path, mode, File.ReadAllBytes(file)));
    }

    private static UnixFileMode Mode(string octal, string line) =>
        octal.Length == 4 && octal.All(static digit => digit is >= '0' and <= '7')
            ? (UnixFileMode)Convert.ToInt32(octal, 8)
            : throw new InvalidDataException($"\"{octal}\" in \"{line}\" is no mode.");
}
