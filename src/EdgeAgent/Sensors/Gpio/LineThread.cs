namespace EdgeAgent.Sensors.Gpio;

/// <summary>The reader of one chip's lines, and the thread that it runs in while it has any.</summary>
internal sealed class LineThread(IGpioDevices devices) : IDisposable
{
    private readonly LineReader _reader = new([], devices);
    private readonly CancellationTokenSource _stopping = new();

    public int Lines { get; private set; }

    /// <summary>Waiting for the kernel's edges blocks. Faulted where the reader failed, which is a defect.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start() => Running = Task.Factory.StartNew(
        () => _reader.Run(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Add(LineConnection line)
    {
        Lines++;
        _reader.Add(line);
    }

    /// <inheritdoc cref="LineReader.EndAsync"/>
    public Task<HeldLine?> EndAsync(LineConnection line, bool isKept)
    {
        Lines--;
        return _reader.EndAsync(line, isKept);
    }

    /// <summary>Once. All lines are given back before the thread ends.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Running.ConfigureAwait(false);
        Dispose();
    }

    /// <summary>After the thread has ended.</summary>
    public void Dispose() => _stopping.Dispose();
}
