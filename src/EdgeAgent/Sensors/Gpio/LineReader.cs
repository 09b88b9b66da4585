namespace EdgeAgent.Sensors.Gpio;

/// <summary>One thread for the lines of one chip: waits for edges on all of them at once, so that a slow expander delays its own lines only.</summary>
internal sealed class LineReader(IReadOnlyList<LineConnection> lines, IGpioDevices devices)
{
    /// <summary>
    /// The longest sleep. Older kernels wake nobody when a chip goes away: then the sampler or a repetition finds it, and this is how long it takes
    /// until the chip is looked for.
    /// </summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);

    private readonly ILineRequest?[] _watched = new ILineRequest?[lines.Count];
    private readonly bool[] _ready = new bool[lines.Count];

    public void Run(CancellationToken cancellationToken)
    {
        using ILineWait wait = devices.CreateWait();
        using (cancellationToken.UnsafeRegister(static wait => ((ILineWait)wait!).Wake(), wait))
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                TimeSpan idle = Turn();
                wait.Wait(_watched, _ready, idle);
            }
        }
        foreach (LineConnection line in lines)
        {
            line.End();
        }
    }

    /// <summary>Does what is due on all lines.</summary>
    /// <returns>How long nothing is due.</returns>
    public TimeSpan Turn()
    {
        TimeSpan idle = LongestIdle;
        for (int i = 0; i < lines.Count; i++)
        {
            TimeSpan left = lines[i].Turn(_ready[i]);
            idle = left < idle ? left : idle;
            _watched[i] = lines[i].Watched;
        }
        return idle > TimeSpan.Zero ? idle : TimeSpan.Zero;
    }
}
