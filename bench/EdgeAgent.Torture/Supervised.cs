using System.Diagnostics;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture;

/// <summary>One of the programs: started, killed, started again. That it comes back by itself is part of the promise.</summary>
/// <param name="name">What the table calls it.</param>
/// <param name="port">Where it listens when it is ready.</param>
/// <param name="program">What to start.</param>
/// <param name="arguments">With what.</param>
internal sealed class Supervised(string name, int port, string program, params string[] arguments) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private ForeignProcess? _process;

    public string Name => name;

    public int Kills { get; private set; }

    /// <summary>How often it did not come back by itself. Starting it once more is what a person would do.</summary>
    public int Repairs { get; private set; }

    /// <summary>What it said when it did not come back.</summary>
    public string LastWords { get; private set; } = "";

    /// <summary>The time from its last start until it was ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public int Id => _process!.Id;

    /// <summary>It was started, and has ended by itself.</summary>
    public bool HasEnded => _process is { HasExited: true };

    /// <summary>What it has said since its last start.</summary>
    public string Output => _process?.Output ?? "";

    public void Start() => _process = ForeignProcess.Start(program, arguments);

    /// <exception cref="TimeoutException">It does not start again, however often it is tried.</exception>
    public async Task ReadyAsync()
    {
        long started = Stopwatch.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var gaveUp = new CancellationTokenSource();
                Task ready = Loopback.WaitForPortAsync(port, ReadyWithin, gaveUp.Token);
                Task<int> ended = _process!.WaitForExitAsync(ReadyWithin * 2);
                if (await Task.WhenAny(ready, ended) == ready)
                {
                    await ready;
                    ReadyAfter = Stopwatch.GetElapsedTime(started);
                    return;
                }
                await gaveUp.CancelAsync();
                throw new TimeoutException($"{name} ended by itself.");
            }
            catch (TimeoutException) when (attempt < 3)
            {
                Repairs++;
                LastWords = _process!.Output;
                await _process.DisposeAsync();
                Start();
            }
        }
    }

    /// <summary>SIGKILL. Returns when it is dead.</summary>
    public async Task KillAsync()
    {
        Kills++;
        _process!.Kill();
        await _process.WaitForExitAsync(ReadyWithin);
        await ForgetAsync();
    }

    /// <summary>SIGTERM. Returns when it has ended by itself.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await _process!.WaitForExitAsync(ReadyWithin);
        await ForgetAsync();
    }

    /// <param name="signal">As kill(1) names it: STOP and CONT are a machine that is too busy for it.</param>
    public async Task SignalAsync(string signal) => await ForeignProcess.RunAsync("/bin/sh", ["-c", $"kill -{signal} {_process!.Id}"], ReadyWithin);

    public ValueTask DisposeAsync() => ForgetAsync();

    private async ValueTask ForgetAsync()
    {
        if (_process is { } last)
        {
            _process = null;
            await last.DisposeAsync();
        }
    }
}
