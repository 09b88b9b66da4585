using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling;

/// <summary>
/// The offline buffer: bytes, in order, on disk, until released. One owner at a time. The folder:
/// <code>
/// lock                              held while the spool is open
/// format                            only where a later version than this one wrote it (SpoolFormat)
/// marks                             what was released, written and reserved, twice    (Mark)
/// ledger                            what was lost, by number and cause                (LedgerEntry)
/// alarm-*.segment live-*.segment    records                                           (SegmentIdentity, SegmentHeader, RecordHeader)
/// backlog-*.segment                 records that will be late; none before the first
/// spare-*.segment                   files to be used again                            (SpareSegments)
/// quarantine/                       files that made no sense, refused records         (Quarantine)
/// </code>
/// Segments are the truth. Without <c>marks</c> everything on disk counts as unreleased, which the cloud skips; without <c>ledger</c>
/// what is missing is still noticed and counted, as corrupt.
/// </summary>
public sealed class Spool : IAsyncDisposable
{
    private readonly MeteredFiles _files;
    private readonly SpoolSpace _space;
    private readonly SpoolQueue[] _lanes;
    private bool _disposed;

    private Spool(MeteredFiles files, SpoolSpace space, TimeProvider time, RecoveryReport recovery)
    {
        _files = files;
        _space = space;
        Recovery = recovery;
        _lanes = [.. Lanes.All.Select(lane => new SpoolQueue(lane, space, space[lane], time))];
    }

    /// <summary>
    /// Opens the spool and recovers what is there. What is on disk never makes it fail, unless a later version wrote it and says so; a disk that cannot be written does.
    /// </summary>
    /// <param name="options">Where, and how much.</param>
    /// <param name="time">Monotonic time for ages and the commit window; the wall clock is never asked.</param>
    /// <param name="bootId">The running boot of this machine: the same one as before means that no write can have been lost.</param>
    /// <exception cref="SpoolInUseException">Another owner has it open.</exception>
    /// <exception cref="ArgumentException">The options are not valid; the message holds everything that is wrong.</exception>
    /// <exception cref="SpoolUnavailableException">The folder cannot be written.</exception>
    public static Spool Open(SpoolOptions options, TimeProvider time, Guid bootId)
    {
        ThrowIfInvalid(options);
        try
        {
            return Open(DiskFiles.Own(options.Path), options, time, bootId);
        }
        catch (Exception failed) when (failed is not SpoolInUseException && SpoolBrokenException.IsReason(failed))
        {
            throw new SpoolUnavailableException(options.Path, failed);
        }
    }

    /// <summary>Takes over <paramref name="folder"/>, also where it fails. The options are taken as they are.</summary>
    internal static Spool Open(ISpoolFiles folder, SpoolOptions options, TimeProvider time, Guid bootId)
    {
        var files = new MeteredFiles(folder);
        try
        {
            (SpoolSpace space, RecoveryReport report) = SpoolRecovery.Run(files, options, time, bootId);
            return new Spool(files, space, time, report);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Random, made with the spool. Sequences mean something only together with it, as a lost spool starts again from 1 with a new
    /// one.
    /// </summary>
    public Guid Id => _space.SpoolId;

    /// <summary>What was found on disk at the start.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>One of the lanes.</summary>
    public SpoolQueue this[SpoolLane lane] => _lanes[Lanes.IndexOf(lane)];

    /// <summary>What can be done with it now.</summary>
    public SpoolState State
    {
        get
        {
            lock (_space.Gate)
            {
                return _disposed ? SpoolState.Closed
                    : _space.IsAnyBroken ? SpoolState.Broken
                    : _lanes.Any(static lane => lane.IsFull) ? SpoolState.Full
                    : SpoolState.Sound;
            }
        }
    }

    /// <summary>Counts since the start.</summary>
    public SpoolStatistics Statistics
    {
        get
        {
            lock (_space.Gate)
            {
                return new SpoolStatistics
                {
                    BytesOnDisk = _space.BytesOnDisk,
                    AppendedRecords = _lanes.Sum(static lane => lane.AppendedRecords),
                    AppendedBytes = _lanes.Sum(static lane => lane.AppendedBytes),
                    HeldBytes = _space.Logs.Sum(static log => log.HeldBytes),
                    BytesWritten = _files.BytesWritten,
                    Syncs = _files.Syncs,
                    DirectorySyncs = _files.DirectorySyncs,
                    EvictedSegments = _space.EvictedSegments,
                    EvictedRecords = (long)_space.EvictedRecords,
                    EvictedItems = (long)_space.EvictedItems,
                    ThinnedSegments = _space.Thinning?.Segments ?? 0,
                    ThinnedItems = (long)(_space.Thinning?.Items ?? 0),
                    RefusedThinnings = _space.Thinning?.Refused ?? 0,
                };
            }
        }
    }

    /// <summary>
    /// Readings that are lost and in the ledger, by cause: those that the cloud has not confirmed to know of. Of memory that was lost nobody knows how many there were.
    /// </summary>
    public IReadOnlyDictionary<LossCause, ulong> Losses
    {
        get
        {
            lock (_space.Gate)
            {
                return _space.Ledger.Totals();
            }
        }
    }

    /// <summary>
    /// Whether what is sent arrives, as far as the uplink knows. While it is in trouble memory holds nothing: what it held is written at once (<see
    /// cref="SpoolDurability.OfflineOnly"/>; without effect otherwise).
    /// </summary>
    public void ReportUplink(bool isInTrouble)
    {
        foreach (SpoolQueue lane in _lanes)
        {
            lane.ReportTrouble(isInTrouble);
        }
    }

    /// <summary>
    /// Commits what was appended, writes what memory holds and the marks, and lets the folder go, also where these fail.
    /// </summary>
    /// <exception cref="SpoolBrokenException">What was appended last could not be committed.</exception>
    /// <exception cref="IOException">The marks could not be written: the next start looks at everything again.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        try
        {
            try
            {
                await CloseLanesAsync(0).ConfigureAwait(false);
            }
            finally
            {
                WriteHeld();
            }
            lock (_space.Gate)
            {
                // After a failure the next start has to look at everything again.
                _space.SaveMarks(closing: !_space.IsAnyBroken && !_space.Logs.Any(static log => log.IsAnyHeld));
            }
        }
        finally
        {
            // An appender that is still thinning finishes first.
            lock (_space.Rolling)
            {
                lock (_space.Gate)
                {
                    _space.Close();
                    _files.Dispose();
                }
            }
        }
    }

    private void WriteHeld()
    {
        lock (_space.Rolling)
        {
            lock (_space.Gate)
            {
                foreach (SpoolQueue lane in _lanes)
                {
                    lane.WriteHeld();
                }
            }
        }
    }

    /// <summary>Closes a lane and all behind it, also where it fails.</summary>
    private async Task CloseLanesAsync(int index)
    {
        try
        {
            await _lanes[index].CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            if (index + 1 < _lanes.Length)
            {
                await CloseLanesAsync(index + 1).ConfigureAwait(false);
            }
        }
    }

    private static void ThrowIfInvalid(SpoolOptions options)
    {
        string errors = string.Join(' ', options.Validate());
        if (errors.Length > 0)
        {
            throw new ArgumentException(errors, nameof(options));
        }
    }
}
