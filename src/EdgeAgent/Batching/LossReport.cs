using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Batching;

/// <summary>
/// Brings the numbers of readings that were lost in memory into the spool's ledger. What no commit has covered yet is remembered, so that a disk
/// that fails just then does not lose the number too:
/// <code>on disk … | covered by the commit under way | told</code>
/// </summary>
internal sealed class LossReport(LostReadings lost)
{
    private static readonly (SpoolLane Lane, LossCause Cause)[] Kinds =
    [
        (SpoolLane.Alarm, LossCause.Overflow), (SpoolLane.Alarm, LossCause.DiskFull), (SpoolLane.Live, LossCause.Overflow), (SpoolLane.Live, LossCause.DiskFull),
    ];

    private readonly List<Told> _told = [];
    private int _covered;

    /// <summary>A commit is wanted for what was told.</summary>
    public bool IsAnyTold => _told.Count > _covered;

    /// <summary>Tells what there is, unless the last telling is not on disk yet: what comes meanwhile goes with the next.</summary>
    /// <exception cref="SpoolFullException">Too much waits for a commit. Every number is kept.</exception>
    /// <exception cref="SpoolBrokenException">The disk failed. Every number is kept.</exception>
    public void AppendTo(Spool spool)
    {
        if (_told.Count > 0)
        {
            return;
        }
        foreach ((SpoolLane lane, LossCause cause) in Kinds)
        {
            long readings = lost.Take(lane, cause);
            if (readings == 0)
            {
                continue;
            }
            try
            {
                _told.Add(new Told(spool.Id, lane, spool[lane].AppendLoss((ulong)readings, cause), cause, readings));
            }
            catch
            {
                lost.Add(lane, cause, readings);
                throw;
            }
        }
    }

    public void StartCommit() => _covered = _told.Count;

    public void Committed()
    {
        _told.RemoveRange(0, _covered);
        _covered = 0;
    }

    /// <summary>The commit came to nothing.</summary>
    public void AbandonCommit() => _covered = 0;

    /// <summary>The spool was opened anew: what recovery did not find is to be told again.</summary>
    public void Reopened(OpenedSpool opened)
    {
        foreach (Told told in _told)
        {
            if (!opened.HasFound(told.Spool, told.Lane, told.Sequence))
            {
                lost.Add(told.Lane, told.Cause, told.Readings);
            }
        }
        _told.Clear();
        _covered = 0;
    }

    private readonly record struct Told(Guid Spool, SpoolLane Lane, ulong Sequence, LossCause Cause, long Readings);
}
