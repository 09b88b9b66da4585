using EdgeAgent.Protocol.V1;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>
/// How a value lies in a column without a type: REAL a number, INTEGER 0 or 1 a boolean, TEXT a text, NULL none. SQLite turns
/// NaN into NULL, so NULL with a quality that promises a value is NaN.
/// </summary>
internal static class SqliteValue
{
    public static bool Exists(Quality quality) => quality < Quality.NoResponse;

    public static void Bind(PreparedStatement statement, int index, ReadingColumns readings, in ColumnRun run, int row, Quality quality)
    {
        if (!Exists(quality))
        {
            statement.BindNull(index);
            return;
        }
        switch (run.Kind)
        {
            case SeriesKind.Text:
                statement.Bind(index, readings.Texts(run)[row]!);
                break;
            case SeriesKind.Boolean:
                statement.Bind(index, (long)readings.Numbers(run)[row]);
                break;
            default:
                statement.Bind(index, readings.Numbers(run)[row]);
                break;
        }
    }

    public static ReadingValue Of(ReadingColumns readings, in ColumnRun run, int row) => run.Kind switch
    {
        _ when !Exists(readings.Qualities(run)[row]) => ReadingValue.None,
        SeriesKind.Text => ReadingValue.Of(readings.Texts(run)[row]!),
        SeriesKind.Boolean => ReadingValue.Of(readings.Numbers(run)[row] != 0),
        _ => ReadingValue.Of(readings.Numbers(run)[row]),
    };

    public static ReadingValue Read(SqliteDataReader row, int column, Quality quality)
    {
        if (row.IsDBNull(column))
        {
            return Exists(quality) ? ReadingValue.Of(double.NaN) : ReadingValue.None;
        }
        return row.GetFieldType(column) switch
        {
            var type when type == typeof(string) => ReadingValue.Of(row.GetString(column)),
            var type when type == typeof(long) => ReadingValue.Of(row.GetInt64(column) != 0),
            _ => ReadingValue.Of(row.GetDouble(column)),
        };
    }
}
