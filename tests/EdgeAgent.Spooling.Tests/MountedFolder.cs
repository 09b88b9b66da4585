using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests;

/// <summary>A tmpfs of its own size, gone on dispose.</summary>
internal sealed class MountedFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public MountedFolder(string path, string size)
    {
        Path = path;
        Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
    }

    public string Path { get; }

    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", Path);

    // Lazily: a spool that could not be closed may still have files open.
    public void Dispose() => Run("umount", "-l", Path);

    private static void Run(string program, params string[] arguments)
    {
        (int exitCode, string output) = ForeignProcess.RunAsync(program, arguments, Patience).GetAwaiter().GetResult();
        if (exitCode != 0)
        {
            throw new IOException($"{program} {string.Join(' ', arguments)}: {output}");
        }
    }
}
