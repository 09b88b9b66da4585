using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests;

/// <summary>A test on a small file system of its own. Skipped by name where this process may not mount one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> MayMount = new(static () =>
    {
        try
        {
            using var folder = new TemporaryFolder();
            using var mounted = new MountedFolder(folder.Path, "1m");
            return true;
        }
        catch (Exception refused) when (refused is IOException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public MountFactAttribute()
    {
        if (!MayMount.Value)
        {
            Skip = "may not mount (root is needed)";
        }
    }
}
