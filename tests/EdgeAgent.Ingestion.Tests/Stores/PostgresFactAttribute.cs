using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.Stores;

/// <summary>A test that needs a PostgreSQL server; skipped by name where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.ReasonToSkip;
}
