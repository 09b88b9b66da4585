namespace EdgeAgent.Spooling;

/// <summary>
/// Losses that have a sequence and are not in the ledger yet: they go there with the next commit, many at once. Called under the
/// spool's gate.
/// </summary>
internal sealed class PendingLosses
{
    /// <summary>Losses that take turns with records, or two causes that take turns, within one commit window.</summary>
    private const int Most = 1024;

    private readonly List<SpoolGap> _losses = [];
    private int _sealed; // covered by a commit that is under way: these do not grow any more

    /// <returns>False where too many are waiting; nothing was changed.</returns>
    public bool TryAdd(SpoolGap loss)
    {
        if (_losses.Count > _sealed && _losses[^1] is var last && last.To + 1 == loss.From && last.Cause == loss.Cause)
        {
            _losses[^1] = last with { To = loss.To, Items = last.Items + loss.Items };
            return true;
        }
        if (_losses.Count == Most)
        {
            return false;
        }
        _losses.Add(loss);
        return true;
    }

    /// <summary>A commit begins that covers all of them.</summary>
    public void Seal() => _sealed = _losses.Count;

    /// <summary>Writes down what is lost through a sequence. Where this throws, everything is still here.</summary>
    public void WriteThrough(ulong through, SpoolLane lane, LossLedger ledger)
    {
        int count = _losses.FindIndex(loss => loss.To > through);
        count = count < 0 ? _losses.Count : count;
        if (count == 0)
        {
            return;
        }
        ledger.Add(lane, [.. _losses.Take(count)]);
        _losses.RemoveRange(0, count);
        _sealed = Math.Max(0, _sealed - count);
    }
}
