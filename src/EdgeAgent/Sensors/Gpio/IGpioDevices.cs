namespace EdgeAgent.Sensors.Gpio;

/// <summary>The GPIO chips of a machine: the kernel's character devices, or simulated ones.</summary>
internal interface IGpioDevices
{
    /// <summary>Names of the chips that are there now: gpiochip0, …</summary>
    IReadOnlyList<string> Chips { get; }

    /// <summary>Now, on the clock of the events' timestamps.</summary>
    long Nanoseconds { get; }

    LineOutcome Open(string name, out IGpioChip? chip);

    ILineWait CreateWait();
}

/// <summary>One chip, open. Lines that were requested of it stay after it is closed.</summary>
internal interface IGpioChip : IDisposable
{
    /// <summary>gpiochip0: what the kernel numbered it, which another kernel or board numbers otherwise.</summary>
    string Name { get; }

    /// <summary>pinctrl-rp1: what its driver calls it.</summary>
    string Label { get; }

    int LineCount { get; }

    /// <returns>False where the chip went away.</returns>
    bool TryDescribe(int offset, out LineInfo info);

    LineOutcome Request(LineSettings settings, out ILineRequest? request);
}

/// <summary>Lines that are ours until it is disposed of. All calls return at once.</summary>
internal interface ILineRequest : IDisposable
{
    /// <summary>What <see cref="Read"/> returns once the chip has gone away.</summary>
    const int Gone = -1;

    /// <summary>Takes edges that wait in the kernel's queue, oldest first.</summary>
    /// <returns>How many; 0 where none wait; <see cref="Gone"/>.</returns>
    int Read(Span<LineEvent> events);

    /// <param name="values">Bit i is the logical value of the i-th line of the request, debounced where that was asked for.</param>
    /// <returns>False where the chip has gone away.</returns>
    bool TryGet(out ulong values);

    /// <summary>Of outputs.</summary>
    /// <returns>False where the chip has gone away, or does not take it.</returns>
    bool TrySet(ulong values);
}

/// <summary>Waits for edges on many requests at once. For one thread, except <see cref="Wake"/>.</summary>
internal interface ILineWait : IDisposable
{
    /// <summary>Returns when one of the requests has something to read, at a wake-up, or after a time.</summary>
    /// <param name="watched">The requests; null where nobody wants to know.</param>
    /// <param name="ready">Filled in: which of them can be read, as far as is known.</param>
    /// <param name="timeout">The longest to wait.</param>
    void Wait(ReadOnlySpan<ILineRequest?> watched, Span<bool> ready, TimeSpan timeout);

    /// <summary>Ends the present wait, or the next one.</summary>
    void Wake();
}

/// <summary>What the kernel says of a line.</summary>
/// <param name="Name">What the board's description calls it; empty where it has no name.</param>
/// <param name="Consumer">Who has it; empty where nobody does.</param>
/// <param name="IsUsed">Somebody has it.</param>
/// <param name="IsOutput">It drives, as far as the chip says.</param>
internal readonly record struct LineInfo(string Name, string Consumer, bool IsUsed, bool IsOutput);

/// <summary>What lines are asked for, and how.</summary>
/// <param name="Offsets">Their numbers on the chip, 1 to 64.</param>
/// <param name="Flags">For all of them.</param>
internal sealed record LineSettings(IReadOnlyList<int> Offsets, LineFlags Flags)
{
    /// <summary>
    /// The most edges that the kernel queues for a request, 64 lines of 16 each; it takes no more. 48 KiB of the kernel's memory for each request with edges,
    /// and a second of a 1 kHz input.
    /// </summary>
    public const int LargestQueue = 1_024;

    /// <summary>Who other programs are told has the line.</summary>
    public const string Consumer = "edge-agent";

    /// <summary>Edges that come closer than this are the contact's bouncing, and the kernel leaves them out. In whole microseconds; zero: all are taken.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>Of outputs: their first values.</summary>
    public ulong Values { get; init; }
}
