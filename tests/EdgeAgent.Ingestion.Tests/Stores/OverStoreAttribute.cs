using System.Reflection;
using EdgeAgent.Testing;
using Xunit.Sdk;

namespace EdgeAgent.Ingestion.Tests.Stores;

public enum StoreKind
{
    Sqlite,
    Postgres,
}

/// <summary>A case of a theory for one store; skipped by name where its server is not installed.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OverStoreAttribute : DataAttribute
{
    private readonly StoreKind _kind;

    public OverStoreAttribute(StoreKind kind)
    {
        _kind = kind;
        Skip = kind == StoreKind.Postgres ? PostgresServer.ReasonToSkip : null;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_kind]];
}
