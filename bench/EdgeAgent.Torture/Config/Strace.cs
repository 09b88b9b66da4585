using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Config;

/// <summary>strace, which has the kernel send a signal to a program that makes a certain call on a certain file. The program itself knows nothing of it.</summary>
internal static class Strace
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    /// <summary>Attaches to a program that runs. Returns when all its threads are watched.</summary>
    public static async Task<ForeignProcess> AttachAsync(int process, string? path, string calls, string signal)
    {
        ForeignProcess strace = ForeignProcess.Start("strace", ["-p", $"{process}", .. Arguments(path, calls, signal)], null);
        await Eventually.TrueAsync(
            () => strace.Output.Contains("attached", StringComparison.Ordinal), Enough, () => $"strace is attached; it said {strace.Output}");
        return strace;
    }

    /// <summary>
    /// Attaches to a program that runs, and kills it at the given one of the calls, whichever thread makes it. strace counts for each thread, so the program is stopped at
    /// each call before that one, and watched anew.
    /// </summary>
    /// <param name="process">The program.</param>
    /// <param name="path">The file, or folder.</param>
    /// <param name="calls">System calls, with commas between them.</param>
    /// <param name="when">Which of them; 1 is the first.</param>
    /// <param name="begin">Lets what leads to the first of them begin, once it is watched.</param>
    public static async Task<ForeignProcess> AttachAndKillAtAsync(int process, string path, string calls, int when, Action begin)
    {
        for (int call = 1; call < when; call++)
        {
            await using ForeignProcess stopping = await AttachAsync(process, path, calls, "SIGSTOP");
            await ProceedAsync(call);
            await Eventually.TrueAsync(
                () => stopping.Output.Contains("stopped by SIGSTOP", StringComparison.Ordinal), Enough, () => $"call {call} on {path}; strace said {stopping.Output}");
        }
        ForeignProcess killing = await AttachAsync(process, path, calls, "SIGKILL");
        await ProceedAsync(when);
        return killing;

        async Task ProceedAsync(int call)
        {
            if (call == 1)
            {
                begin();
                return;
            }
            (int code, string said) = await ForeignProcess.RunAsync("kill", ["-CONT", $"{process}"], Enough);
            if (code != 0)
            {
                throw new InvalidOperationException($"The program does not go on: {said}");
            }
        }
    }

    /// <param name="path">The file, or folder; null: any.</param>
    /// <param name="calls">System calls, with commas between them.</param>
    /// <param name="signal">SIGKILL; or SIGSYS, which ends it with a core dump. One SIGSEGV the runtime takes for a fault of its own that is over.</param>
    public static string[] Arguments(string? path, string calls, string signal) =>
        ["-f", .. path is null ? [] : (string[])["-P", path], "-e", $"trace={calls}", "-e", $"inject={calls}:signal={signal}:when=1"];
}
