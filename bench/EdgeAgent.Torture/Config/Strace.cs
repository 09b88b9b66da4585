using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Config;

/// <summary>strace, which has the kernel send a signal to a program that makes a certain call on a certain file. The program itself knows nothing of it.</summary>
internal static class Strace
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    /// <summary>Attaches to a program that runs. Returns when all its threads are watched.</summary>
    public static async Task<ForeignProcess> AttachAsync(int process, string? path, string calls, string signal, int when = 1)
    {
        ForeignProcess strace = ForeignProcess.Start("strace", ["-p", $"{process}", .. Arguments(path, calls, signal, when)], null);
        await Eventually.TrueAsync(
            () => strace.Output.Contains("attached", StringComparison.Ordinal), Enough, () => $"strace is attached; it said {strace.Output}");
        return strace;
    }

    /// <param name="path">The file, or folder; null: any.</param>
    /// <param name="calls">System calls, with commas between them.</param>
    /// <param name="signal">SIGKILL; or SIGSYS, which ends it with a core dump. One SIGSEGV the runtime takes for a fault of its own that is over.</param>
    /// <param name="when">At which of these calls. The kernel counts them for each thread.</param>
    public static string[] Arguments(string? path, string calls, string signal, int when = 1) =>
        ["-f", "-o", "/dev/null", .. path is null ? [] : (string[])["-P", path], "-e", $"trace={calls}", "-e", $"inject={calls}:signal={signal}:when={when}"];
}
