using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeAgent.Commands;

/// <summary>Shows a status anew each second. An agent that is away is waited for: whoever watches has perhaps just started it again.</summary>
internal sealed class StatusWatch(string path, StatusScreen screen)
{
    private const string ToTheTop = "\e[H", ClearLine = "\e[K", ClearBelow = "\e[J", OtherScreen = "\e[?1049h\e[?25l", OwnScreen = "\e[?25h\e[?1049l";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>How soon a key is noticed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly bool _isTerminal = !Console.IsOutputRedirected && !screen.IsJson;

    /// <returns>What the last look says.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        int exitCode = ExitCode.Success;
        Put(_isTerminal ? OtherScreen : "");
        try
        {
            while (!end.IsCancellationRequested)
            {
                (JsonDocument? status, string obstacle, exitCode) = await StatusCommand.AskAsync(path, end.Token).ConfigureAwait(false);
                using (status)
                {
                    Show(status is null ? obstacle + "\n" : screen.Show(status.RootElement), isStatus: status is not null);
                }
                await WaitAsync(end).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // A key, or a signal.
        }
        finally
        {
            Put(_isTerminal ? OwnScreen : "");
        }
        return exitCode;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            end.Cancel();
        }
    }

    private void Show(string text, bool isStatus)
    {
        if (!_isTerminal)
        {
            // Lines for a program: what is no status is not among them.
            (isStatus || !screen.IsJson ? Console.Out : Console.Error).Write(text);
            return;
        }
        string[] lines = text.TrimEnd('\n').Split('\n');
        int room = Math.Max(2, Console.WindowHeight - 1);
        IEnumerable<string> shown = lines.Length <= room ? lines : lines.Take(room - 1).Append($"… and {lines.Length - room + 1} lines that this window has no room for");
        Put(ToTheTop + string.Concat(shown.Select(static line => line + ClearLine + "\n")) + ClearBelow);
    }

    private static async Task WaitAsync(CancellationTokenSource end)
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < Every; waited += Look)
        {
            if (!Console.IsInputRedirected && Console.KeyAvailable && Console.ReadKey(intercept: true).Key is ConsoleKey.Q or ConsoleKey.Escape)
            {
                await end.CancelAsync().ConfigureAwait(false);
            }
            await Task.Delay(Look, end.Token).ConfigureAwait(false);
        }
    }

    private static void Put(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
    }
}
