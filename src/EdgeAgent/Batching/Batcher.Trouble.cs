using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Batching;

/// <content>What the batcher does when the spool does not take what it offers, and when the end has come.</content>
internal sealed partial class Batcher
{
    /// <summary>The spool has just refused a batch or a commit.</summary>
    private BatcherState Face(Exception trouble)
    {
        switch (trouble)
        {
            case SpoolFullException full:
                return Hold(full);
            case SpoolBrokenException:
                return Break(trouble);
            default:
                throw new InvalidOperationException("The spool failed in a way that it does not name.", trouble);
        }
    }

    private BatcherState Hold(SpoolFullException full)
    {
        if (!_commits.IsUnderWay)
        {
            _deliveries.AbandonCommit();
        }
        if (_stopping.IsCancellationRequested)
        {
            return GiveUp(full);
        }
        _metrics.BatcherHeld.Add(_alarm.IsRaised ? 0 : 1);
        _alarm.Raise(full);
        _retryAt = Now + RetryAfter;
        _timer.WakeAt(_retryAt, Now);
        return BatcherState.Held;
    }

    /// <summary>Held: who waits for a commit that is under way is told. After a while the spool is asked again.</summary>
    private BatcherState Wait()
    {
        if (Settle() is { } failure)
        {
            return Face(failure);
        }
        if (_stopping.IsCancellationRequested || Now >= _retryAt)
        {
            return BatcherState.Filling;
        }
        _timer.WakeAt(_retryAt, Now);
        return BatcherState.Held;
    }

    /// <summary>The disk has just failed.</summary>
    private BatcherState Break(Exception failure)
    {
        _metrics.SpoolFailures.Add();
        if (Now < _trustedAt)
        {
            return _stopping.IsCancellationRequested ? GiveUp(failure) : Unavailable(failure);
        }
        // Opened again at once, as most of what fails fails once.
        _alarm.Raise(failure);
        (_retryAt, _pause) = (Now, RetryAfter);
        return BatcherState.Reopening;
    }

    private BatcherState Unavailable(Exception reason)
    {
        _alarm.Raise(reason);
        _retryAt = Now + _pause;
        _pause = _pause * 2 < LongestRetry ? _pause * 2 : LongestRetry;
        _timer.WakeAt(_retryAt, Now);
        return BatcherState.Reopening;
    }

    private async ValueTask<BatcherState> ReopenAsync()
    {
        if (Now < _retryAt && !_stopping.IsCancellationRequested)
        {
            _timer.WakeAt(_retryAt, Now);
            return BatcherState.Reopening;
        }
        try
        {
            // Closing the broken spool ends its commits, so that this order does not wait for a dead disk.
            _heart.Turn(PatienceWithRecovery);
            _commits.OnClosing();
            OpenedSpool opened;
            try
            {
                opened = await _slot.ReopenAsync().ConfigureAwait(false);
            }
            finally
            {
                LetGoOfMemory();
            }
            _trustedAt = Now + LongestRetry;
            await _commits.AbandonAsync().ConfigureAwait(false);
            _deliveries.AbandonCommit();
            _open.ForgetDictionaries();
            _commits.AppendLost(opened, new BatchRewriter(_catalog, _options.Compression), _slot.MaximumPayloadBytes);
            return BatcherState.Filling;
        }
        catch (IOException failure)
        {
            return _stopping.IsCancellationRequested ? GiveUp(failure) : Unavailable(failure);
        }
    }

    /// <summary>The spool was closed. What its memory could not give to the disk is gone, but for what its senders keep.</summary>
    private void LetGoOfMemory()
    {
        _deliveries.Secured(_unsecured.TakeSecured(), Now);
        long lost = _unsecured.Risk.Readings;
        _channel.Lost.Add(SpoolLane.Live, LossCause.DiskFull, lost);
        _metrics.ReadingsDropped.Add(DropCause.SpoolRefused, lost);
        _deliveries.FailUnsecured(_unsecured.TakeAll());
    }

    private BatcherState Drain()
    {
        if (Settle() is { } failure)
        {
            return Face(failure);
        }
        try
        {
            // Nobody knows whether there is time left for the receipts.
            _slot.Current.Spool.ReportUplink(isInTrouble: true);
            _commits.AppendLosses(_slot.Current.Spool);
            _commits.AppendPending(_slot.Current.Spool);
            CloseWindows(all: true);
            _open.AppendTo(_slot.Current, _slot.MaximumPayloadBytes, Now, all: true);
            _deliveries.Close();
        }
        catch (IOException trouble) when (trouble is SpoolFullException or SpoolBrokenException)
        {
            StartCommit();
            return Face(trouble);
        }
        StartCommit();
        return _commits.IsUnderWay ? BatcherState.Draining : BatcherState.Ended;
    }

    /// <summary>
    /// The agent stops while the spool takes nothing: whoever waits is told so and keeps his message, and all other readings are lost and counted.
    /// </summary>
    private BatcherState GiveUp(Exception reason)
    {
        _alarm.Raise(reason);
        long lost = _processor.GiveUp(_channel.Lost) + _open.GiveUp() + _commits.GiveUp(isSpoolGone: !_slot.IsOpen);
        while (_channel.Reader.TryRead(out Reading reading))
        {
            if (!reading.IsKept)
            {
                lost++;
                _channel.Lost.Add(_catalog[reading.Series].Lane);
            }
            reading.Delivery.Failed();
        }
        _deliveries.FailOpen();
        _metrics.ReadingsDropped.Add(DropCause.SpoolRefused, lost);
        Log.GaveUp(_logger, lost, reason.Message);
        return _slot.IsOpen ? BatcherState.Accounting : BatcherState.Ended;
    }

    private BatcherState Account()
    {
        try
        {
            if (Settle() is { } failure)
            {
                Log.NotAccounted(_logger, failure.Message);
                return BatcherState.Ended;
            }
            _commits.AppendLosses(_slot.Current.Spool);
        }
        catch (IOException failure)
        {
            Log.NotAccounted(_logger, failure.Message);
            return BatcherState.Ended;
        }
        StartCommit();
        return _commits.IsUnderWay ? BatcherState.Accounting : BatcherState.Ended;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The agent stops while the spool takes nothing: {Readings} readings are lost. {Reason}")]
        public static partial void GaveUp(ILogger logger, long readings, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "What was lost could not be entered in the spool's ledger: {Reason}")]
        public static partial void NotAccounted(ILogger logger, string reason);
    }
}
