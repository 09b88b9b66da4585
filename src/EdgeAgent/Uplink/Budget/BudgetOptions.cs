namespace EdgeAgent.Uplink.Budget;

/// <summary>What the line may cost, in bytes that pass the socket in both directions. Section <c>budget</c> of the configuration.</summary>
internal sealed class BudgetOptions
{
    /// <summary>Bytes in a day of the calendar. Default null, no limit: most contracts count months.</summary>
    public long? BytesPerDay { get; set; }

    /// <summary>
    /// Bytes in a month of the bill. Default null, no limit. What is set here should be some 10 % less than what is paid for: TCP/IP headers are not counted.
    /// </summary>
    public long? BytesPerMonth { get; set; }

    /// <summary>The day on which a month of the bill begins, 1 to 28, as every month has it. Default 1.</summary>
    public int MonthStartsOn { get; set; } = 1;

    /// <summary>
    /// The share of a budget, in percent, that is not kept for live data: the backlog may use it at once. What is kept becomes free evenly to the end of the
    /// period. Default 50: a backlog costs at most half of the days that are left.
    /// </summary>
    public int BacklogShare { get; set; } = 50;

    /// <summary>When the backlog may flow. Default none: always.</summary>
    public IReadOnlyList<BacklogWindow> BacklogWindows { get; set; } = [];

    /// <summary>In which days, months and windows are meant. Default the machine's: an installer means the clock on the wall.</summary>
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Local;
}
