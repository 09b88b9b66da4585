namespace EdgeAgent.Uplink.Budget;

/// <summary>How a day or a month stands.</summary>
/// <param name="Bytes">Used.</param>
/// <param name="Limit">Of so many; null where there is no limit.</param>
/// <param name="Elapsed">So much of it is over.</param>
/// <param name="Length">Of so much.</param>
/// <param name="Expected">Bytes at its end, if it goes on as in the last days; null while nothing can be said.</param>
internal readonly record struct PeriodStatus(long Bytes, long? Limit, TimeSpan Elapsed, TimeSpan Length, double? Expected)
{
    public static PeriodStatus Of(BudgetPeriod period, RecentTraffic recent) => new(
        period.State.Bytes, period.Limit, period.State.Elapsed, period.Length,
        recent.BytesPerDay is { } daily ? period.State.Bytes + (daily * period.Remaining.TotalDays) : null);

    /// <summary>"61 % used on day 12 of 30, 152 % expected by the end"; hours where it is a day.</summary>
    public string Describe()
    {
        string unit = Length > TimeSpan.FromDays(2) ? "day" : "hour";
        TimeSpan one = unit == "day" ? TimeSpan.FromDays(1) : TimeSpan.FromHours(1);
        double whole = Math.Round(Length / one);
        string place = $"{unit} {Math.Min(Math.Floor(Elapsed / one) + 1, whole):F0} of {whole:F0}";
        if (Limit is not { } limit)
        {
            return $"{Bytes} bytes used on {place}";
        }
        string expected = Expected is { } end ? $", {100 * end / limit:F0} % expected by the end" : "";
        return $"{100.0 * Bytes / limit:F0} % used on {place}{expected}";
    }
}

/// <summary>What the line costs at present, for the status command.</summary>
/// <param name="Day">The day that runs.</param>
/// <param name="Month">The month of the bill that runs.</param>
/// <param name="Live">Whether live data may go.</param>
/// <param name="Backlog">Whether the backlog may go.</param>
/// <param name="Now">The time; null where it is not known.</param>
internal sealed record TrafficStatus(PeriodStatus Day, PeriodStatus Month, LaneHold Live, LaneHold Backlog, DateTimeOffset? Now);
