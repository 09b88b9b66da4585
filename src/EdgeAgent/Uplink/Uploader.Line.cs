namespace EdgeAgent.Uplink;

/// <content>Whether the line carries anything, and when to take another connection.</content>
internal sealed partial class Uploader
{
    /// <summary>Without a failure for so long after a receipt the line counts as sound, and the next failure as a first one.</summary>
    private static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    private TimeSpan? _soundSince; // the first receipt after the last failure
    private bool _hasTimedOut;     // the last failure was a deadline

    /// <summary>What the bytes that are sent and not receipted may take.</summary>
    private TimeSpan OnItsWay() => _line.TimeFor(InFlight.Of(_previous, _current).Bytes);

    /// <summary>
    /// For a step, and for a record of a session: the longest that any of them may take by its own limits, and as long again. No network makes a step fail in time;
    /// so what is stuck for longer is not the line.
    /// </summary>
    private TimeSpan Patience() => 2 * (options.ProgressTimeout + options.SessionTime + OnItsWay());

    private TimeSpan UntilStalled(TimeSpan begun) => _watchdog.Left(begun, Now, OnItsWay());

    /// <summary>The service has more of this lane than before.</summary>
    private void OnAcknowledged()
    {
        _watchdog.Advance(Now);
        health.OnAcknowledged(lane);
        _current?.OnProgress();
        _previous?.OnProgress();
    }

    private void OnReceiptForLine(UploadSession session)
    {
        _soundSince ??= Now;
        _hasTimedOut = false;
        if (session.Messages > 0)
        {
            _requested.OnFlow();
            _line.OnReceipt(session.Bytes, time.GetElapsedTime(session.Opened));
        }
    }

    /// <summary>What a failure says about the connection, whatever it says about the data.</summary>
    private void FaceForLine(in SessionFailure failure, in InFlight inFlight)
    {
        bool isUnanswered = failure.Kind is SessionFailureKind.Transient or SessionFailureKind.TimedOut;
        if (isUnanswered)
        {
            health.OnUnanswered(lane);
        }
        bool wasTimedOut = _hasTimedOut;
        _hasTimedOut = failure.Kind == SessionFailureKind.TimedOut;
        if (isUnanswered && inFlight.Messages > 0)
        {
            _line.OnLoss();
        }
        bool isStalled = _watchdog.IsOver(Now, _line.TimeFor(inFlight.Bytes));
        if (isStalled)
        {
            metrics.UplinkStalls.Add();
            Log.Stalled(logger, lane, _watchdog.Fruitless, failure.Reason);
            health.OnFruitless(lane, _watchdog.Fruitless, failure.Reason);
        }
        // Where the other lanes' receipts arrive the line is alive, and one call that hangs on it is the service's affair: that it is cancelled must not cost the
        // others theirs. The second time in a row it does, because something on the way may hold up just this lane's bytes.
        bool isDead = _hasTimedOut && (wasTimedOut || !health.HasAcknowledgedOther(lane, inFlight.Opened));
        if (inFlight.Client is { } client && (isDead || (isStalled && isUnanswered)))
        {
            connection.Abandon(client);
        }
        if (_soundSince is { } since && Now - since >= Stable)
        {
            _backoff.Reset();
        }
    }
}
