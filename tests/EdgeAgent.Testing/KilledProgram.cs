namespace EdgeAgent.Testing;

/// <summary><c>edge-agent</c> under strace, which has the kernel kill its whole tree as it enters a call on a file. The program itself knows nothing of it.</summary>
public static class KilledProgram
{
    private const int Killed = 128 + 9; // SIGKILL, as a shell would tell it
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(3);

    /// <summary>Runs until that call, and not further.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="call">The system call; of each thread the first one counts.</param>
    /// <param name="arguments">The program's.</param>
    /// <param name="path">PATH, where it is another.</param>
    /// <exception cref="InvalidOperationException">It never came to that call.</exception>
    public static async Task RunAsync(string file, string call, IReadOnlyList<string> arguments, string? path = null)
    {
        var environment = new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" };
        if (path is not null)
        {
            environment["PATH"] = path;
        }
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "strace",
            ["-f", "-qq", "-o", "/dev/null", "-P", file, "-e", $"trace={call}", "-e", $"inject={call}:signal=SIGKILL:when=1", "dotnet", ShippedProgram.Agent, .. arguments],
            Enough, environment);
        if (exitCode != Killed)
        {
            throw new InvalidOperationException($"It was not killed at {call} of {file}, and ended with {exitCode}: {output}");
        }
    }
}
