namespace EdgeAgent.Testing;

/// <summary>The programs as they are built, each in its own output: beside the caller lie other dependencies than they were built with.</summary>
public static class ShippedProgram
{
    /// <summary>edge-agent, for <c>dotnet</c>.</summary>
    public static string Agent { get; } = PathOf("EdgeAgent", "edge-agent.dll");

    /// <summary>edge-ingestion, for <c>dotnet</c>.</summary>
    public static string Ingestion { get; } = PathOf("EdgeAgent.Ingestion", "edge-ingestion.dll");

    /// <returns>artifacts/bin/PROJECT/CONFIGURATION/FILE, of the caller's configuration.</returns>
    private static string PathOf(string project, string file)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, configuration, file));
    }
}
