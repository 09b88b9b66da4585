using Npgsql;

namespace EdgeAgent.Ingestion.Storage.Postgres;

/// <summary>Statements with parameters by place ($1, $2, …), prepared by the server once they are used often.</summary>
internal static class PostgresStatement
{
    public static NpgsqlCommand Statement(this NpgsqlConnection connection, string sql) => new(sql, connection);

    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>Runs it, and disposes of it.</summary>
    public static async Task RunAsync(this NpgsqlCommand command)
    {
        await using (command)
        {
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Reads all rows, and disposes of it.</summary>
    public static async Task<List<T>> ReadAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> row)
    {
        await using (command)
        {
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            var rows = new List<T>();
            while (await reader.ReadAsync())
            {
                rows.Add(row(reader));
            }
            return rows;
        }
    }
}
