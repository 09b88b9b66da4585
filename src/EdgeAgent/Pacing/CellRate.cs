namespace EdgeAgent.Pacing;

/// <summary>
/// So many at once, and after that one in each interval: the generic cell rate algorithm of ITU-T I.371. All that has to be kept is the instant at which the whole
/// burst would be free again, which is the caller's. Pure; told the time. Both programs have this file.
/// </summary>
/// <param name="interval">Between two, once the burst is used.</param>
/// <param name="burst">How many at once.</param>
internal readonly struct CellRate(TimeSpan interval, int burst)
{
    /// <param name="full">When the whole burst is free again.</param>
    /// <param name="now">The time, on the same clock.</param>
    /// <returns>How long it is until the next place; zero or less where it is there.</returns>
    public TimeSpan Wait(TimeSpan full, TimeSpan now) => (full > now ? full : now) - now - (interval * (burst - 1));

    /// <summary>Takes a place where there is one.</summary>
    public bool TryTake(ref TimeSpan full, TimeSpan now)
    {
        if (Wait(full, now) > TimeSpan.Zero)
        {
            return false;
        }
        Take(ref full, now);
        return true;
    }

    /// <summary>Takes the next place, whenever it is.</summary>
    public void Take(ref TimeSpan full, TimeSpan now) => full = (full > now ? full : now) + interval;
}
