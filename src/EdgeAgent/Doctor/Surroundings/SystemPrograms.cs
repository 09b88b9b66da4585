using System.ComponentModel;
using System.Diagnostics;

namespace EdgeAgent.Doctor.Surroundings;

/// <summary>What a program of the system prints on standard output; null where it is not there, fails or does not end.</summary>
internal delegate Task<string?> ProgramOutput(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken);

/// <summary>Runs the system's own programs: systemctl, journalctl, df.</summary>
internal static class SystemPrograms
{
    /// <summary>They all answer at once, unless what they ask hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<string?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // Words that are looked for are not translated, and nothing waits for a key.
        (start.Environment["LC_ALL"], start.Environment["SYSTEMD_PAGER"]) = ("C", "");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            process.StandardInput.Close();
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            process?.Kill();
            return null;
        }
        finally
        {
            process?.Dispose();
        }
    }
}
