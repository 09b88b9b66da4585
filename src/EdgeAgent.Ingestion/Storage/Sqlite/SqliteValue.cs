using System.Data.Common;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>
/// How a value lies in a column without a type: REAL a number, INTEGER 0 or 1 a boolean, TEXT a text, NULL none. SQLite turns
/// NaN into NULL, so NULL with a quality that promises a value is NaN.
/// </summary>
internal static class SqliteValue
{
    public static void Bind(PreparedStatement statement, int index, ReadingColumns readings, in ColumnRun run, int row, Quality quality)
    {
        if (!ReadingValue.Exists(quality))
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

    public static ReadingValue Read(DbDataReader row, int column, Quality quality)
    {
        if (row.IsDBNull(column))
        {
            return ReadingValue.Exists(quality) ? ReadingValue.Of(double.NaN) : ReadingValue.None;
        }
        return row.GetFieldType(column) switch
        {
            var type when type == typeof(string) => ReadingValue.Of(row.GetString(column)),
            var type when type == typeof(long) => ReadingValue.Of(row.GetInt64(column) != 0),
            _ => ReadingValue.Of(row.GetDouble(column)),
        };
    }
}
