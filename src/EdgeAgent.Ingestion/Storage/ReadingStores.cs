using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage.Postgres;
using EdgeAgent.Ingestion.Storage.Sqlite;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>Opens the store that the configuration names.</summary>
internal static class ReadingStores
{
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be opened.</exception>
    /// <exception cref="InvalidDataException">It is of a newer version.</exception>
    public static async Task<IReadingStore> OpenAsync(IngestionOptions options, TimeProvider time, CancellationToken cancellationToken) => options.Postgres.IsUsed
        ? await PostgresReadingStore.OpenAsync(new PostgresDatabase(options.Postgres), time, cancellationToken)
        : SqliteReadingStore.Open(new SqliteFile(options.Data), time);
}
