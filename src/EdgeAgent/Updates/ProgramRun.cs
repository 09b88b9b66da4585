using System.ComponentModel;
using System.Diagnostics;

namespace EdgeAgent.Updates;

/// <summary>What became of a program that was run to its end.</summary>
/// <param name="ExitCode">Null where it did not start, or did not end in time.</param>
/// <param name="Output">What it printed on both streams, or why it did not run; no more than can be shown.</param>
internal readonly record struct ProgramResult(int? ExitCode, string Output)
{
    public bool IsSuccess => ExitCode == 0;

    public string FirstLine => Output.AsSpan().Trim().ToString() is { Length: > 0 } text ? text.Split('\n')[0].Trim() : "it said nothing";
}

/// <summary>Runs another program to its end, within a time.</summary>
internal static class ProgramRun
{
    private const int MaximumOutput = 8192;

    /// <summary>
    /// ETXTBSY: a process that another thread was starting while this program was written has not yet closed the copy of the file that it was born with. It does within milliseconds.
    /// </summary>
    private const int TextFileBusy = 26;
    private const int BusyAttempts = 100;
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(20);

    /// <param name="program">Its path, or a name on the PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">When it is killed.</param>
    /// <param name="user">Who it runs as; null: who asks.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public static async Task<ProgramResult> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, string? user = null, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (user is not null)
        {
            start.UserName = user;
        }
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Process? process = null;
        for (int attempt = 1; process is null; attempt++)
        {
            try
            {
                process = Process.Start(start)!;
            }
            catch (Win32Exception busy) when (busy.NativeErrorCode == TextFileBusy && attempt < BusyAttempts)
            {
                await Task.Delay(BusyPause, cancellationToken).ConfigureAwait(false);
            }
            catch (Win32Exception failure)
            {
                return new ProgramResult(null, failure.Message);
            }
        }
        using (process)
        {
            process.StandardInput.Close();
            late.CancelAfter(limit);
            try
            {
                Task<string> output = ReadAsync(process.StandardOutput, late.Token), error = ReadAsync(process.StandardError, late.Token);
                await process.WaitForExitAsync(late.Token).ConfigureAwait(false);
                return new ProgramResult(process.ExitCode, await output.ConfigureAwait(false) + await error.ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return new ProgramResult(null, $"it did not end within {limit.TotalSeconds:0} s");
            }
        }
    }

    /// <summary>Reads to the end, and keeps the beginning.</summary>
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var kept = new System.Text.StringBuilder();
        var buffer = new char[1024];
        for (int read; (read = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            kept.Append(buffer, 0, Math.Min(read, MaximumOutput - kept.Length));
        }
        return kept.ToString();
    }
}
