using Xunit;

namespace EdgeAgent.Testing;

/// <summary>
/// A test that needs foreign programs. Where one is missing the test is skipped by name, and so counted by check.sh.
/// A program is a name on the PATH (<c>mosquitto</c>), a file (<c>/usr/lib/python3/dist-packages/grpc/__init__.py</c>) or a package of
/// tests/node (<c>node:mqtt</c>).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InstalledFactAttribute : FactAttribute
{
    public InstalledFactAttribute(params string[] programs) => Skip = ReasonToSkip(programs);

    /// <summary>The full path of a program, or null where it is not installed. Debian keeps servers in /usr/sbin, which is not on every PATH.</summary>
    public static string? Find(string program) => Path.IsPathRooted(program)
        ? (Path.Exists(program) ? program : null)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/local/sbin")
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    internal static string? ReasonToSkip(string[] programs)
    {
        string[] missing = [.. programs.Where(program => !IsInstalled(program))];
        return missing.Length > 0 ? $"not installed: {string.Join(", ", missing)}" : null;
    }

    private static bool IsInstalled(string program) => Find(NodePeers.FolderOf(program) ?? program) is not null;
}
