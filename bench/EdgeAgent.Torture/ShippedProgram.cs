namespace EdgeAgent.Torture;

/// <summary>The programs as they are built, each in its own output: beside this one lie other dependencies than they were built with.</summary>
internal static class ShippedProgram
{
    /// <returns>artifacts/bin/PROJECT/CONFIGURATION/FILE, of this program's configuration.</returns>
    public static string PathOf(string project, string file)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, configuration, file));
    }
}
