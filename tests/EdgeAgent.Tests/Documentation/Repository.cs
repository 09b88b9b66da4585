namespace EdgeAgent.Tests.Documentation;

/// <summary>The source tree that these tests were built from: pages are judged where they lie, with all that they lead to.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every page that people are given, by its path from the root.</summary>
    public static IEnumerable<string> Pages()
    {
        string[] docs = Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories);
        string[] others = Directory.GetFiles(Root, "*.md");
        return others.Concat(docs).Append(Path.Combine(Root, "bench/RESULTS.md")).Select(page => Path.GetRelativePath(Root, page)).Order(StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "EdgeAgent.sln")))
            {
                return folder;
            }
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has EdgeAgent.sln.");
    }
}
