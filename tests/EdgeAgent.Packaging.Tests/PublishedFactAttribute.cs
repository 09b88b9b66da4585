using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>A test of the published programs and packages, and of foreign programs where they are named. Where one is missing it is skipped by name, and so counted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublishedFactAttribute : FactAttribute
{
    public PublishedFactAttribute(params string[] programs) => Skip =
        !File.Exists(Places.Agent) || !File.Exists(Places.Service) || Places.Package("edge-agent") is null || Places.Package("edge-ingestion") is null
            ? "not published: dotnet publish src/EdgeAgent -p:PublishProfile=linux-x64, and src/EdgeAgent.Ingestion"
            : programs.Contains(AsRoot) && !Environment.IsPrivilegedProcess ? "not root"
            : programs.Where(static program => program != AsRoot).Where(static program => InstalledFactAttribute.Find(program) is null).ToArray() is { Length: > 0 } missing
                ? $"not installed: {string.Join(", ", missing)}" : null;

    /// <summary>In place of a program: the test needs root's rights.</summary>
    public const string AsRoot = "as root";
}
