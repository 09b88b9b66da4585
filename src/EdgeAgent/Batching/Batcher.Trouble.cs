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
        if (!_isHeld)
        {
            _isHeld = true;
            _metrics.BatcherHeld.Add();
            Log.Held(_logger, full.Message);
        }
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
        Log.Broken(_logger, failure);
        _retryAt = Now;
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
            OpenedSpool opened = await _slot.ReopenAsync().ConfigureAwait(false);
            await _commits.AbandonAsync().ConfigureAwait(false);
            _deliveries.AbandonCommit();
            _open.ForgetDictionaries();
            _commits.AppendLost(opened, new BatchRewriter(_catalog, _options.Compression), _slot.MaximumPayloadBytes);
            Log.Reopened(_logger);
            return BatcherState.Filling;
        }
        catch (IOException failure)
        {
            if (_stopping.IsCancellationRequested)
            {
                return GiveUp(failure);
            }
            Log.StillBroken(_logger, failure.Message);
            _retryAt = Now + RetryAfter;
            _timer.WakeAt(_retryAt, Now);
            return BatcherState.Reopening;
        }
    }

    private BatcherState Drain()
    {
        if (Settle() is { } failure)
        {
            return Face(failure);
        }
        try
        {
            _commits.AppendPending(_slot.Current.Spool);
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
    /// The agent stops while the spool takes nothing: whoever waits is told so, and everybody else's readings are lost and counted.
    /// </summary>
    private BatcherState GiveUp(IOException reason)
    {
        long lost = _open.Readings + _commits.Readings;
        while (_channel.Reader.TryRead(out Reading reading))
        {
            lost++;
            reading.Delivery.Failed();
        }
        _deliveries.FailAll();
        _metrics.ReadingsDropped.Add(DropCause.SpoolRefused, lost);
        Log.GaveUp(_logger, lost, reason);
        return BatcherState.Ended;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The spool has no room, so sources are held back: {Reason}")]
        public static partial void Held(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The spool has room again.")]
        public static partial void Resumed(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "The spool's disk has failed. Sources are held back until the spool could be opened again.")]
        public static partial void Broken(ILogger logger, Exception failure);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The spool cannot be opened yet: {Reason}")]
        public static partial void StillBroken(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The spool is open again, and what its disk had lost was written again.")]
        public static partial void Reopened(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "The agent stops while the spool takes nothing: up to {Readings} readings are lost.")]
        public static partial void GaveUp(ILogger logger, long readings, Exception reason);
    }
}
