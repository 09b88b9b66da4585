using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <content>What the uploader does where the service does not know what the series are called.</content>
internal sealed partial class Uploader
{
    private Naming _naming;
    private StoredDictionaries? _names; // that the newest session was opened with
    private ulong _lastRecord;          // that the newest session has sent; 0 where it has sent none

    private StoredDictionaries? NamesForNextSession() => _naming switch
    {
        Naming.Unasked => null,
        Naming.Asked => opening.NamesFor(lane, _opened!, _next, _line.SessionBytes),
        _ => opening.NamesFor(lane, _opened!, _next, 1),
    };

    private void OnReceiptForNames() => _naming = _naming switch
    {
        // A gap needs no names, and neither does a session that was only opened.
        _ when _lastRecord == 0 => _naming,
        Naming.OneByOne => Naming.Asked,
        _ => Naming.Unasked,
    };

    /// <param name="failure">The service does not know a series.</param>
    /// <param name="first">Where the session that failed began.</param>
    /// <returns>False where nothing is left to be tried but the same again, later.</returns>
    private bool TryGoFurtherWithNames(SessionFailure failure, ulong first)
    {
        switch (_naming)
        {
            case Naming.Unasked:
                Log.NamesWanted(logger, lane);
                _naming = Naming.Asked;
                return true;
            case Naming.Asked:
                Log.NamesMissing(logger, lane, failure.Reason);
                _naming = Naming.OneByOne;
                return true;
            // Where the service had moved the session forward, it was opened with another record's names.
            case Naming.OneByOne when _lastRecord == first && IsNameless(first) && _queue.Refuse(first):
                // Not counted among what a broken service may cost: this device sees it too.
                metrics.RecordsRefused.Add();
                Log.Nameless(logger, lane, first, failure.Reason);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Only where this device sees too that a name is gone is anything set aside. A service that asks for what it was just given has to be waited for.
    /// </summary>
    private bool IsNameless(ulong sequence)
    {
        using SpoolReader reader = _queue.OpenReader(sequence);
        return reader.Read(out SpoolRecord record) == ReadResult.Record
            && record.Sequence == sequence
            && !_names!.IsNaming(record.Payload.Span);
    }
}
