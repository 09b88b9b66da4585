using System.Diagnostics.CodeAnalysis;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>
/// One thread for the lines of one chip: waits for edges on all of them at once, so that a slow expander delays its own lines only. Lines come and go while it
/// runs; the edges of the others wait in the kernel's queue.
/// </summary>
internal sealed class LineReader(IReadOnlyList<LineConnection> lines, IGpioDevices devices)
{
    /// <summary>
    /// The longest sleep. Older kernels wake nobody when a chip goes away: then the sampler or a repetition finds it, and this is how long it takes
    /// until the chip is looked for.
    /// </summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);

    // The thread's own.
    private readonly List<LineConnection> _lines = [.. lines];
    private ILineRequest?[] _watched = new ILineRequest?[lines.Count];
    private bool[] _ready = new bool[lines.Count];

    private readonly Lock _gate = new();
    private readonly Queue<(LineConnection Line, TaskCompletionSource? Ended)> _changes = []; // Ended: it goes; null: it comes.
    private ILineWait? _wait;
    private bool _hasEnded;

    /// <summary>Another line. Before or while it runs.</summary>
    public void Add(LineConnection line)
    {
        lock (_gate)
        {
            _changes.Enqueue((line, null));
            _wait?.Wake();
        }
    }

    /// <summary>Complete when the line has given what it had and is nobody's: an output is in its safe state.</summary>
    public Task EndAsync(LineConnection line)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return Task.CompletedTask;
            }
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _changes.Enqueue((line, ended));
            _wait?.Wake();
            return ended.Task;
        }
    }

    public void Run(CancellationToken cancellationToken)
    {
        using ILineWait wait = devices.CreateWait();
        lock (_gate)
        {
            _wait = wait;
        }
        using (cancellationToken.UnsafeRegister(static wait => ((ILineWait)wait!).Wake(), wait))
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Change();
                TimeSpan idle = Turn();
                wait.Wait(_watched, _ready, idle);
            }
        }
        lock (_gate)
        {
            (_wait, _hasEnded) = (null, true);
        }
        Change();
        foreach (LineConnection line in _lines)
        {
            line.End();
        }
    }

    /// <summary>Does what is due on all lines.</summary>
    /// <returns>How long nothing is due.</returns>
    public TimeSpan Turn()
    {
        TimeSpan idle = LongestIdle;
        for (int i = 0; i < _lines.Count; i++)
        {
            TimeSpan left = _lines[i].Turn(_ready[i]);
            idle = left < idle ? left : idle;
            _watched[i] = _lines[i].Watched;
        }
        return idle > TimeSpan.Zero ? idle : TimeSpan.Zero;
    }

    /// <summary>Lines that come and go. On the thread, which else might be waiting for a line that is nobody's any more.</summary>
    private void Change()
    {
        while (TryNext(out LineConnection? line, out TaskCompletionSource? ended))
        {
            if (ended is null)
            {
                _lines.Add(line);
            }
            else
            {
                _lines.Remove(line);
                line.End();
                ended.SetResult();
            }
            // Which of them could be read is asked anew: it does not get lost.
            (_watched, _ready) = (new ILineRequest?[_lines.Count], new bool[_lines.Count]);
        }
    }

    private bool TryNext([NotNullWhen(true)] out LineConnection? line, out TaskCompletionSource? ended)
    {
        lock (_gate)
        {
            bool isAny = _changes.TryDequeue(out (LineConnection Line, TaskCompletionSource? Ended) change);
            (line, ended) = (change.Line, change.Ended);
            return isAny;
        }
    }
}
