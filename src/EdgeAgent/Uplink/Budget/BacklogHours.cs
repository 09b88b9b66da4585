namespace EdgeAgent.Uplink.Budget;

/// <summary>When the backlog may flow by the clock on the wall. Pure.</summary>
internal sealed class BacklogHours(IReadOnlyList<BacklogWindow> windows, TimeZoneInfo zone)
{
    /// <summary>A week, the day of it that the clocks are moved on, and a day: every window has come once by then.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(9);

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    public bool AreLimited => windows.Count > 0;

    /// <summary>How long until a window is open; zero where one is.</summary>
    /// <param name="now">The time.</param>
    /// <param name="atMost">This is the answer where none opens sooner.</param>
    public TimeSpan Until(DateTimeOffset now, TimeSpan atMost)
    {
        // Minute by minute, as time zones move their clocks in ways that nothing else follows.
        TimeSpan intoMinute = TimeSpan.FromTicks(now.UtcTicks % Step.Ticks);
        for (TimeSpan wait = TimeSpan.Zero; wait < atMost; wait = wait == TimeSpan.Zero ? Step - intoMinute : wait + Step)
        {
            if (AreOpenAt(now + wait))
            {
                return wait;
            }
        }
        return atMost;
    }

    private bool AreOpenAt(DateTimeOffset instant)
    {
        DateTime local = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        foreach (BacklogWindow window in windows)
        {
            if (window.Contains(local))
            {
                return true;
            }
        }
        return windows.Count == 0;
    }
}
