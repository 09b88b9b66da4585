using System.Reflection;
using System.Runtime.InteropServices;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>
/// Chooses the native library. The system's is preferred where it is newer than the bundled one (3.35.5 of 2021), because
/// it gets the distribution's security updates.
/// </summary>
internal static unsafe class SqliteLibrary
{
    private const string BundledName = "e_sqlite3";
    private const string SystemName = "libsqlite3.so.0";
    private const int BundledVersion = 3_035_005;

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Loads the library once for the process and returns its version.</summary>
    public static string Use() => Loaded.Value;

    private static string Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        SQLitePCL.Batteries_V2.Init();
        return SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == BundledName && NativeLibrary.TryLoad(SystemName, out nint library) && Version(library) >= BundledVersion
            ? library
            // The default search finds the bundled one.
            : 0;

    private static int Version(nint library) => NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out nint function)
        ? ((delegate* unmanaged[Cdecl]<int>)function)()
        : 0;
}
