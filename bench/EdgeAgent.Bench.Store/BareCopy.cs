using EdgeAgent.Ingestion.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace EdgeAgent.Bench.Store;

/// <summary>The baseline: the same rows into the same table and index, in transactions of a hundred thousand, and nothing else.</summary>
internal static class BareCopy
{
    private const int RecordsInTransaction = 10;

    public static async Task RunAsync(PostgresDatabase database, int millions)
    {
        await using NpgsqlConnection connection = database.Open();
        int records = Telemetry.Records(millions);
        for (int first = 0; first < records; first += RecordsInTransaction)
        {
            for (int device = 0; device < Telemetry.Devices; device++)
            {
                await using NpgsqlBinaryImporter rows = await connection.BeginBinaryImportAsync(
                    "COPY readings (time_ns, sequence, number, series_id, source_id, ordinal, kind, quality, text) FROM STDIN (FORMAT BINARY)");
                for (int record = first; record < Math.Min(first + RecordsInTransaction, records); record++)
                {
                    Write(rows, device, record);
                }
                await rows.CompleteAsync();
            }
        }
    }

    private static void Write(NpgsqlBinaryImporter rows, int device, int record)
    {
        long[] times = Telemetry.Times(record);
        for (int series = 0; series < Telemetry.Series; series++)
        {
            double[] values = Telemetry.Values(record, series);
            for (int i = 0; i < times.Length; i++)
            {
                rows.StartRow();
                rows.Write(times[i], NpgsqlDbType.Bigint);
                rows.Write((long)record + 1, NpgsqlDbType.Bigint);
                rows.Write(values[i], NpgsqlDbType.Double);
                rows.Write((device * Telemetry.Series) + series + 1, NpgsqlDbType.Integer);
                rows.Write(device + 1, NpgsqlDbType.Integer);
                rows.Write((series * times.Length) + i, NpgsqlDbType.Integer);
                rows.Write((short)1, NpgsqlDbType.Smallint);
                rows.Write((short)0, NpgsqlDbType.Smallint);
                rows.WriteNull();
            }
        }
    }
}
