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
    private readonly Queue<Change> _changes = [];
    private ILineWait? _wait;
    private bool _hasEnded;

    /// <summary>Another line. Before or while it runs.</summary>
    public void Add(LineConnection line)
    {
        lock (_gate)
        {
            _changes.Enqueue(new Change(line, null, IsKept: false));
            _wait?.Wake();
        }
    }

    /// <summary>Complete when the line has given what it had and is nobody's: an output is in its safe state.</summary>
    /// <param name="line">One of those that were added.</param>
    /// <param name="isKept">The lines are not given back.</param>
    /// <returns>What is kept; null where the lines are not there, or are not to be kept.</returns>
    public Task<HeldLine?> EndAsync(LineConnection line, bool isKept)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return Task.FromResult<HeldLine?>(null);
            }
            var ended = new TaskCompletionSource<HeldLine?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _changes.Enqueue(new Change(line, ended, isKept));
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
                TakeChanges();
                TimeSpan idle = Turn();
                wait.Wait(_watched, _ready, idle);
            }
        }
        lock (_gate)
        {
            (_wait, _hasEnded) = (null, true);
        }
        TakeChanges();
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
    private void TakeChanges()
    {
        while (TryNext(out Change? change))
        {
            if (change.Ended is { } ended)
            {
                _lines.Remove(change.Line);
                ended.SetResult(End(change));
            }
            else
            {
                _lines.Add(change.Line);
            }
            // Which of them could be read is asked anew: it does not get lost.
            (_watched, _ready) = (new ILineRequest?[_lines.Count], new bool[_lines.Count]);
        }
    }

    private static HeldLine? End(Change change)
    {
        if (change.IsKept)
        {
            return change.Line.Release();
        }
        change.Line.End();
        return null;
    }

    private bool TryNext([NotNullWhen(true)] out Change? change)
    {
        lock (_gate)
        {
            return _changes.TryDequeue(out change);
        }
    }

    /// <param name="Line">It comes, or goes.</param>
    /// <param name="Ended">Who waits for it to go; null: it comes.</param>
    /// <param name="IsKept">It goes, and its lines are kept.</param>
    private sealed record Change(LineConnection Line, TaskCompletionSource<HeldLine?>? Ended, bool IsKept);
}
