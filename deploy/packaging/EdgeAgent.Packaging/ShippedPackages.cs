using System.Text.Json;

namespace EdgeAgent.Packaging;

/// <summary>
/// Which packages are in a program. NuGet wrote that down when it restored them (project.assets.json): those that give a library, managed or native, for the runtime
/// identifier; what serves the build alone gives none. The packs of the runtime come beside, as the build names them.
/// </summary>
internal static class ShippedPackages
{
    private const string Placeholder = "_._";

    public static IReadOnlyList<ShippedPackage> Of(PackageRequest request)
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllBytes(request.Assets));
        string[] roots = [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(static folder => folder.Name)];
        JsonProperty target = assets.RootElement.GetProperty("targets").EnumerateObject().FirstOrDefault(each => each.Name.EndsWith($"/{request.Rid}", StringComparison.Ordinal));
        if (target.Value.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{request.Assets} was not made for {request.Rid}.");
        }
        JsonElement libraries = assets.RootElement.GetProperty("libraries");
        IEnumerable<string> packages = target.Value.EnumerateObject()
            .Where(static library => library.Value.GetProperty("type").GetString() == "package" && (GivesLibrary(library.Value, "runtime") || GivesLibrary(library.Value, "native")))
            .Select(library => libraries.GetProperty(library.Name).GetProperty("path").GetString()!)
            .Select(path => roots.Select(root => Path.Combine(root, path)).FirstOrDefault(Directory.Exists) ?? throw new InvalidDataException($"{path} is in none of NuGet's folders."));
        return [.. packages.Concat(request.Packs).Distinct(StringComparer.Ordinal).Select(ShippedPackage.Read).OrderBy(static package => package.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private static bool GivesLibrary(JsonElement library, string kind) =>
        library.TryGetProperty(kind, out JsonElement files) && files.EnumerateObject().Any(static file => !file.Name.EndsWith(Placeholder, StringComparison.Ordinal));
}
