namespace EdgeAgent.Flash;

/// <summary>A day of the budget: 24 hours of running, wherever the clock on the wall stands.</summary>
/// <param name="Elapsed">How much of it is over.</param>
/// <param name="Written">Bytes written in it.</param>
internal readonly record struct FlashDay(TimeSpan Elapsed, long Written)
{
    public static readonly TimeSpan Length = TimeSpan.FromHours(24);

    /// <summary>Time has passed and bytes were written. What falls into two days counts for the later one: then neither has more than it shows.</summary>
    public FlashDay Passed(TimeSpan time, long written)
    {
        TimeSpan elapsed = Elapsed + time;
        return elapsed < Length
            ? new FlashDay(elapsed, Written + written)
            : new FlashDay(TimeSpan.FromTicks(elapsed.Ticks % Length.Ticks), written);
    }
}
