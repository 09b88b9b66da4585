namespace EdgeAgent.Testing;

/// <summary>The Node.js packages that tests/node/package.json pins: peers that nobody here wrote.</summary>
public static class NodePeers
{
    private const string Prefix = "node:";

    private static readonly string s_modules = Path.Combine(RepositoryRoot(), "tests", "node", "node_modules");

    /// <summary>For a script that is run by <c>node</c>: where <c>require</c> finds the packages.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["NODE_PATH"] = s_modules };

    /// <summary>The folder of a package written as <c>node:@grpc/grpc-js</c>; null where the name is not of that form.</summary>
    internal static string? FolderOf(string component) =>
        component.StartsWith(Prefix, StringComparison.Ordinal) ? Path.Combine(s_modules, component[Prefix.Length..]) : null;

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EdgeAgent.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new DirectoryNotFoundException($"EdgeAgent.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
