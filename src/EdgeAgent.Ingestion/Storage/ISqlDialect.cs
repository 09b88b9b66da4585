using System.Data.Common;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>In what reading from one database differs from reading from another.</summary>
internal interface ISqlDialect
{
    /// <summary>What a database holds on its disk.</summary>
    string DatabaseBytesSql { get; }

    /// <summary>A pooled connection, to be disposed of. Sees what was committed when its statement begins.</summary>
    DbConnection OpenForReading();

    /// <summary>The columns that hold a value, to be read by <see cref="ReadValue"/>.</summary>
    /// <param name="prefix">Of their names: "last_" for the last value of a series.</param>
    string ValueColumns(string prefix);

    /// <param name="row">The row.</param>
    /// <param name="column">The first of the value's columns.</param>
    /// <param name="quality">Of the reading.</param>
    ReadingValue ReadValue(DbDataReader row, int column, Quality quality);
}
