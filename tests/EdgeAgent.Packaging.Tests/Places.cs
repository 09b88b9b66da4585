using System.Reflection;

namespace EdgeAgent.Packaging.Tests;

/// <summary>Where the repository is, and what a publish has left there.</summary>
internal static class Places
{
    public static string Repository { get; } = Path.GetFullPath(Metadata("RepositoryRoot"));

    /// <summary>What `dotnet publish -p:PublishProfile=linux-x64` has made of both programs, in the normal run of check.sh just before the tests.</summary>
    public static string Published { get; } = Path.Combine(Metadata("ArtifactsPath"), "publish", "linux-x64");

    public static string Agent => Path.Combine(Published, "edge-agent");

    public static string Service => Path.Combine(Published, "edge-ingestion");

    /// <summary>The newest package of a program, by Debian's name, or null.</summary>
    public static string? Package(string program) => Newest($"{program}_*_amd64.deb");

    /// <summary>The newest archive of a program, or null.</summary>
    public static string? Archive(string program) => Newest($"{program}-*-linux-x64.tar.gz");

    private static string? Newest(string pattern)
    {
        string folder = Path.Combine(Metadata("ArtifactsPath"), "packages");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, pattern).MaxBy(File.GetLastWriteTimeUtc) : null;
    }

    private static string Metadata(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(each => each.Key == key).Value!;
}
