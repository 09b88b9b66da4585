using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <content>What the uploader does about records that the service does not take.</content>
internal sealed partial class Uploader
{
    /// <summary>What no service that is worth the name finds too large: the agent's batches by default, and a little for the frame.</summary>
    private const int NeverTooLarge = (64 * 1024) + 64;

    /// <summary>
    /// Refusals for size or load at the same record before it is looked for, and then of the record alone, minutes apart, before it is set aside: load passes.
    /// </summary>
    private const int ExhaustedTimes = 3;

    private readonly PoisonSearch _search = new();
    private readonly SetAsideLimit _setAside = new();
    private ulong _exhaustedAt; // where the sessions began that the service had no room for
    private int _exhausted;     // how many in a row
    private ulong _lastSetAside;
    private int _tooLarge;      // how often the suspect alone was; 0 where it is rejected for another reason

    /// <summary>Only then a failure says which records it is about.</summary>
    private bool IsOneAtATime => _naming == Naming.OneByOne || _search.Stage != PoisonStage.Unsuspected;

    private void OnReceiptForPoison(UploadSession session)
    {
        if (session.Messages > 0)
        {
            (_exhausted, _tooLarge) = (0, 0);
        }
        else if (_search.Stage == PoisonStage.Comparing)
        {
            // The service takes a session, and not this record.
            ulong suspect = _search.Suspect;
            if (_tooLarge is > 0 and < ExhaustedTimes)
            {
                _search.Doubt();
                throw Kept(suspect, "It may be the load, and is tried again.");
            }
            if (!TrySetAside(suspect, isNamed: false))
            {
                _search.Doubt();
                throw Kept(suspect, "So many were refused that it is hardly about the record.");
            }
            Log.PoisonFound(logger, lane, suspect);
            _search.End();
        }
    }

    private void OnAcknowledgedForPoison(ulong through)
    {
        if (through > _lastSetAside)
        {
            _setAside.OnTaken();
        }
    }

    private static SessionFailedException Kept(ulong suspect, string why) =>
        new(new SessionFailure(SessionFailureKind.Rejected, suspect, $"Record {suspect} alone is refused, and not set aside. {why}"));

    /// <summary>The service rejects what it gets.</summary>
    /// <returns>True where the next session may show which record it is; false where only time can help.</returns>
    private bool TrySearch(in SessionFailure failure, in InFlight inFlight)
    {
        if (_search.Stage == PoisonStage.Unsuspected && inFlight.Messages > 0)
        {
            Log.Searching(logger, lane, inFlight.First, inFlight.Last, failure.Reason);
        }
        return _search.Reject(inFlight.Last, inFlight.Messages);
    }

    /// <summary>The service has no room. Load passes, and meets small records too; what is too large stays so.</summary>
    private void SearchForLarge(in SessionFailure failure, in InFlight inFlight)
    {
        (_exhausted, _exhaustedAt) = (_exhaustedAt == inFlight.First ? _exhausted + 1 : 1, inFlight.First);
        bool isSearching = _search.Stage != PoisonStage.Unsuspected;
        if (isSearching ? inFlight.Messages == 0 || inFlight.LargestMessage > NeverTooLarge : _exhausted >= ExhaustedTimes && inFlight.LargestMessage > NeverTooLarge)
        {
            _tooLarge += inFlight.Messages == 1 ? 1 : 0;
            TrySearch(failure, inFlight);
        }
    }

    /// <returns>False where there is no such record any more, or so much was set aside today that the service is to blame.</returns>
    private bool TrySetAside(ulong sequence, bool isNamed)
    {
        using SpoolReader reader = _queue.OpenReader(sequence);
        if (reader.Read(out SpoolRecord record) != ReadResult.Record
            || record.Sequence != sequence
            || !_setAside.TryTake(Now, record.Payload.Length, isNamed)
            || !_queue.Refuse(sequence))
        {
            return false;
        }
        metrics.RecordsRefused.Add();
        _lastSetAside = sequence;
        return true;
    }
}
