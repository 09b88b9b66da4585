using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>How a row of the series table says that the series holds aggregates: function 0 says that it does not.</summary>
internal static class SqliteAggregate
{
    public static Aggregate? Of(string name, long function, long windowSeconds) => function == 0
        ? null
        : new Aggregate { Function = (AggregateFunction)function, WindowSeconds = (uint)windowSeconds, Of = name };

    /// <summary>What people call it.</summary>
    public static string NameOf(string name, Aggregate? aggregate) => aggregate is null ? name : AggregateName.Of(aggregate);
}
