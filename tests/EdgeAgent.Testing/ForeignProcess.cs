using System.Diagnostics;
using System.Text;

namespace EdgeAgent.Testing;

/// <summary>A program that nobody here wrote (mosquitto, a Python client …), stopped by the process id that was started.</summary>
public sealed class ForeignProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ForeignProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything the program has printed so far on both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public StreamWriter StandardInput => _process.StandardInput;

    public static ForeignProcess Start(string program, params string[] arguments) => Start(program, arguments, null);

    public static ForeignProcess Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        return new ForeignProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>Runs a program to its end and returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan timeout, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using ForeignProcess process = Start(program, arguments, environment);
        process.StandardInput.Close();
        int exitCode = await process.WaitForExitAsync(timeout);
        return (exitCode, process.Output);
    }

    /// <exception cref="TimeoutException">The program did not end in time; the message holds what it printed.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        using var expired = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(expired.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {timeout}. It printed:\n{Output}");
        }
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: the program gets no chance to tidy up.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line.Data);
            }
        }
    }
}
