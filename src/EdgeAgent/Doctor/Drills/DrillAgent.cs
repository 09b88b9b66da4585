using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeAgent.Flash;

namespace EdgeAgent.Doctor.Drills;

/// <summary>An agent of a drill: a process of its own, which can be killed like the real one.</summary>
internal sealed partial class DrillAgent : IAsyncDisposable
{
    private const int Terminate = 15; // SIGTERM

    /// <summary>What its output is kept of, for whoever wants to know why it did not start.</summary>
    private const int MostLines = 20;

    /// <summary>The sandbox's configuration gives it 10 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What ties a process to the unit that started it: the drill's agent must not speak for the real one.</summary>
    private static readonly string[] OfUnit = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "JOURNAL_STREAM", "RUNTIME_DIRECTORY", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY"];

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private DrillAgent(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>What it said last.</summary>
    public string LastWords
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>What it has sent to storage so far; null where the kernel does not count, or it is gone.</summary>
    public long? BytesWritten
    {
        get
        {
            try
            {
                return ProcessWrites.TryParse(File.ReadAllText($"/proc/{_process.Id}/io"));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    public static DrillAgent Start(DrillProgram program, string configurationFile)
    {
        var start = new ProcessStartInfo(program.File, [.. program.First, "run", "--config", configurationFile])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string variable in OfUnit)
        {
            start.Environment.Remove(variable);
        }
        return new DrillAgent(Process.Start(start)!);
    }

    /// <summary>SIGKILL: it gets no chance to write anything more.</summary>
    public Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        return _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGTERM: it ends in order.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _ = Signal(_process.Id, Terminate);
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new IOException($"The drill's agent does not end. It said last:\n{LastWords}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync(CancellationToken.None).ConfigureAwait(false);
        }
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_lines)
        {
            if (line.Data is not null)
            {
                _lines.Enqueue(line.Data);
            }
            if (_lines.Count > MostLines)
            {
                _lines.Dequeue();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
