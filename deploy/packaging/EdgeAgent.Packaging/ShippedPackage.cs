using System.Xml.Linq;

namespace EdgeAgent.Packaging;

/// <summary>Something that others made and that is in the program: a NuGet package, or a pack of the runtime.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="License">The licence by its SPDX name, or the name of the file that has it.</param>
/// <param name="Copyright">Whose it is; empty where its makers do not say.</param>
/// <param name="LicenseFile">The licence in its own words, or null where the package has only its name.</param>
/// <param name="NoticesFile">What it says of others whose work is in it, or null.</param>
internal sealed record ShippedPackage(string Name, string Version, string License, string Copyright, string? LicenseFile, string? NoticesFile)
{
    /// <param name="folder">The folder of the package, as NuGet has unpacked it.</param>
    /// <exception cref="InvalidDataException">It names no licence.</exception>
    public static ShippedPackage Read(string folder)
    {
        string specification = Directory.GetFiles(folder, "*.nuspec") is [var only] ? only : throw new InvalidDataException($"There is not one .nuspec in {folder}.");
        XElement metadata = XDocument.Load(specification).Root!.Elements().First(static each => each.Name.LocalName == "metadata");
        string name = Value("id")!;
        string license = Value("license") ?? throw new InvalidDataException($"{name} names no licence.");
        return new ShippedPackage(name, Value("version")!, license, Value("copyright") ?? Value("authors") ?? "", Find("LICENSE"), Find("THIRD-PARTY-NOTICES"));

        string? Value(string element) => metadata.Elements().FirstOrDefault(each => each.Name.LocalName == element)?.Value.Trim();

        string? Find(string file) => Directory.GetFiles(folder).Order(StringComparer.Ordinal)
            .FirstOrDefault(path => Path.GetFileNameWithoutExtension(path).Equals(file, StringComparison.OrdinalIgnoreCase));
    }
}
