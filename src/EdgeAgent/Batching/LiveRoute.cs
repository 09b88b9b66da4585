using EdgeAgent.Spooling;

namespace EdgeAgent.Batching;

/// <summary>
/// By which lane readings go that are no alarms, decided anew for each batch:
/// <code>
/// live → backlog   when the oldest record of the live lane that the cloud does not have was appended longer ago than the window
/// backlog → live   when the cloud has all of the live lane
/// </code>
/// So the live lane never holds more than the window's worth, and flows at once when the line is back. It follows from what the spool itself knows of
/// its lag: nothing is kept over restarts, and nothing is asked of the uplink. Pure; told the lag.
/// </summary>
/// <param name="window">How far the live lane may be behind; zero: never anything but live.</param>
internal sealed class LiveRoute(TimeSpan window)
{
    private bool _isBehind;

    /// <param name="isDrained">The cloud has everything of the live lane.</param>
    /// <param name="oldestAge">How long ago the oldest record was appended that it does not have.</param>
    public SpoolLane Next(bool isDrained, TimeSpan oldestAge)
    {
        _isBehind = window > TimeSpan.Zero && !isDrained && (_isBehind || oldestAge > window);
        return _isBehind ? SpoolLane.Backlog : SpoolLane.Live;
    }

    /// <summary>
    /// A spool was opened. Ages begin anew with it, so a run that ended in an outage would be forgotten: where both lanes still hold something, there is one.
    /// </summary>
    public void Opened(bool isDrained, bool isBacklogDrained) => _isBehind = !isDrained && !isBacklogDrained;
}
