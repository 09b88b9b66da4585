using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>A test of the published programs and packages, and of foreign programs where they are named. Where one is missing it is skipped by name, and so counted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublishedFactAttribute : FactAttribute
{
    /// <summary>In place of a program: Debian's PostgreSQL, which lies in no folder of the PATH.</summary>
    public const string Postgres = "postgresql";

    /// <summary>In place of a program: a <see cref="ThrowawaySystem"/>.</summary>
    public const string System = "a system to throw away";

    public PublishedFactAttribute(params string[] programs)
    {
        string[] missing = [.. programs.Where(static program => program switch
        {
            Postgres => PostgresServer.Programs is null,
            System => ThrowawaySystem.ReasonToSkip is not null,
            _ => InstalledFactAttribute.Find(program) is null,
        })];
        Skip = !File.Exists(Places.Agent) || !File.Exists(Places.Service) || Places.Package("edge-agent") is null || Places.Package("edge-ingestion") is null
            ? "not published: dotnet publish src/EdgeAgent -p:PublishProfile=linux-x64, and src/EdgeAgent.Ingestion"
            : missing.Length > 0 ? $"not here: {string.Join(", ", missing)}" : null;
    }
}
