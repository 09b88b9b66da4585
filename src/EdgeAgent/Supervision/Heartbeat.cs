namespace EdgeAgent.Supervision;

/// <summary>
/// One stage's sign of life: at each turn of its loop it says by when it will turn again, and where it waits for something that may never come, that it rests.
/// A stage that is past its word is stuck: in a call of the kernel, behind a lock, or because its task has ended unseen.
/// </summary>
/// <remarks>Any thread; a turn is one write. A stage that could sleep through its own wake-up gives a knock: then resting is proven too, once each time that the watchdog looks.</remarks>
/// <param name="stage">As the log names it, with its article: "the batcher".</param>
/// <param name="patience">How long a turn may take.</param>
/// <param name="time">The clock.</param>
/// <param name="knock">Makes the stage turn though it has nothing to do. Null: resting is believed.</param>
internal sealed class Heartbeat(string stage, TimeSpan patience, TimeProvider time, Action? knock = null)
{
    private const long Resting = long.MaxValue;

    private long _due = Resting; // ticks of the clock

    public string Stage { get; } = stage;

    /// <summary>How long the stage is past its word; not above zero where it keeps it.</summary>
    public TimeSpan Overdue => Volatile.Read(ref _due) is var due && due == Resting ? TimeSpan.MinValue : TimeSpan.FromTicks(Now - due);

    private long Now => time.GetElapsedTime(0).Ticks;

    /// <summary>The stage is here, and will be again within its patience.</summary>
    public void Turn() => Turn(patience);

    /// <summary>The same where it is about to do something with a limit of its own.</summary>
    public void Turn(TimeSpan within) => Volatile.Write(ref _due, Now + within.Ticks);

    /// <summary>The stage waits, for somebody else or for nothing.</summary>
    public void Rest() => Volatile.Write(ref _due, Resting);

    /// <summary>Asks a stage that rests whether it still wakes up.</summary>
    public void Knock()
    {
        if (knock is not null && Interlocked.CompareExchange(ref _due, Now + patience.Ticks, Resting) == Resting)
        {
            knock();
        }
    }
}
