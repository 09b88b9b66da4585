using System.Text;

namespace EdgeAgent.Packaging;

/// <summary>
/// Whose work is in a program, and under which licences, as their makers demand that it is told. From the packages themselves, so that none is forgotten: one without a
/// licence that is known here fails the build.
/// <code>
/// notices := title LF *( rule LF packages LF text LF )        packages with the same text together
/// </code>
/// </summary>
internal static class ThirdPartyNotices
{
    public const string FileName = "THIRD-PARTY-NOTICES";

    private static readonly string Rule = new('-', 100);

    /// <exception cref="InvalidDataException">A licence has no text here.</exception>
    public static string Of(PackageRequest request)
    {
        IReadOnlyList<ShippedPackage> packages = ShippedPackages.Of(request);
        var notices = new StringBuilder($"{request.Program} {request.Version} for {request.Rid} contains the software below, under the licences that stand with it.\n");
        foreach (IGrouping<string, ShippedPackage> same in packages.GroupBy(package => License(package, request)))
        {
            Add(same.Select(static package => $"{package.Name} {package.Version}\n  {package.Copyright}\n  Licence: {package.License}\n"), same.Key);
        }
        foreach (IGrouping<string, ShippedPackage> same in packages.Where(static package => package.NoticesFile is not null).GroupBy(static package => Text(package.NoticesFile!)))
        {
            Add(same.Select(static package => $"What {package.Name} {package.Version} contains of others:\n"), same.Key);
        }
        return notices.ToString();

        void Add(IEnumerable<string> heads, string text) => notices.Append('\n').Append(Rule).Append('\n').AppendJoin("", heads).Append('\n').Append(text).Append('\n');
    }

    private static string License(ShippedPackage package, PackageRequest request)
    {
        if (package.LicenseFile is { } own)
        {
            return Text(own);
        }
        string known = Path.Combine(request.Repository, "deploy", "packaging", "licences", $"{package.License}.txt");
        return File.Exists(known)
            ? Text(known)
            : throw new InvalidDataException($"{package.Name} is under {package.License}, whose text is not in deploy/packaging/licences.");
    }

    private static string Text(string file) => File.ReadAllText(file).ReplaceLineEndings("\n").Trim('\uFEFF', '\n', ' ') + "\n";
}
