using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>
/// A statement that is prepared once and bound without boxing: ADO.NET parameters would cost two objects a value, and this
/// runs once a reading.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The statement is wrong or the database cannot be read.</exception>
    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    public PreparedStatement Bind(int index, long value) => Checked(raw.sqlite3_bind_int64(_statement, index, value));

    public PreparedStatement Bind(int index, double value) => Checked(raw.sqlite3_bind_double(_statement, index, value));

    public PreparedStatement Bind(int index, string value) => Checked(raw.sqlite3_bind_text(_statement, index, value));

    public PreparedStatement Bind(int index, ReadOnlySpan<byte> value) => Checked(raw.sqlite3_bind_blob(_statement, index, value));

    public PreparedStatement BindNull(int index) => Checked(raw.sqlite3_bind_null(_statement, index));

    /// <summary>Runs a statement that returns nothing.</summary>
    public void Run()
    {
        int code = raw.sqlite3_step(_statement);
        Reset(code == raw.SQLITE_ROW ? raw.SQLITE_DONE : code);
    }

    /// <summary>Moves to the first row. Call <see cref="Done"/> when it is read.</summary>
    public bool TryRow()
    {
        int code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }
        Reset(code);
        return false;
    }

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Done() => Reset(raw.SQLITE_DONE);

    public void Dispose() => _statement.Dispose();

    private void Reset(int code)
    {
        // The reset repeats the code of a failed step; the step's own is the one to report.
        _ = raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }

    private PreparedStatement Checked(int code)
    {
        SqliteException.ThrowExceptionForRC(code, _database);
        return this;
    }
}
