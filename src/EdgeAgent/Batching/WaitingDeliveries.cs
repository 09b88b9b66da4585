using EdgeAgent.Readings;

namespace EdgeAgent.Batching;

/// <summary>
/// Those who wait for durability, in the order of their readings, with three marks on that order:
/// <code>settled … | unsecured | committing | closed | open …</code>
/// Open: readings before it are in an open batch. Closed: all readings before it are appended. Committing: a commit that covers them
/// is under way. Unsecured: it is done, but memory holds what it covers, until flash or the cloud has it. Structs in one reused list, so that a message costs no object.
/// </summary>
internal sealed class WaitingDeliveries
{
    /// <summary>
    /// Fewer than this are not worth a commit of their own before the settle time is over: at 256 readings the frame of a record and of a
    /// page is a few bytes for each.
    /// </summary>
    private const int WorthCommitting = 256;

    private readonly List<Delivery> _waiting = [];
    private int _closed;
    private int _committing;
    private int _unsecured;
    private int _toldLast;
    private TimeSpan _toldAt;

    public int Count => _waiting.Count;

    /// <summary>Somebody waits for a batch that is still open.</summary>
    public bool AnyOpen => _waiting.Count > _closed;

    /// <summary>Somebody waits only for a commit to be started.</summary>
    public bool AnyClosed => _closed > _committing;

    /// <summary>
    /// Many were told a moment ago and may come back as one: whoever sends only so much before it waits for its acknowledgements comes
    /// back as often as it was told. Those who come at their own pace take longer, and are worth waiting for.
    /// </summary>
    public bool IsCrowdExpected(TimeSpan now, TimeSpan moment) => _toldLast >= WorthCommitting && now - _toldAt <= moment;

    /// <summary>As many wait for open batches as were told a moment ago, so nobody else is to be waited for.</summary>
    public bool HasCrowdReturned(TimeSpan now, TimeSpan moment) => IsCrowdExpected(now, moment) && _waiting.Count - _closed >= _toldLast;

    public void Add(in Delivery delivery) => _waiting.Add(delivery);

    /// <summary>All readings so far are appended.</summary>
    public void Close() => _closed = _waiting.Count;

    /// <summary>The commit that now starts covers everything that is appended.</summary>
    public void StartCommit() => _committing = _closed;

    /// <summary>The commit failed: what it was to cover is only appended, if that.</summary>
    public void AbandonCommit() => _committing = _unsecured;

    /// <summary>The commit is done.</summary>
    /// <returns>How many it covers.</returns>
    public int Committed()
    {
        int count = _committing - _unsecured;
        _unsecured = _committing;
        return count;
    }

    /// <summary>What the first so many wait for is on flash or in the cloud.</summary>
    public void Secured(int count, TimeSpan now)
    {
        if (count == 0)
        {
            return;
        }
        for (int i = 0; i < count; i++)
        {
            _waiting[i].Committed();
        }
        (_toldLast, _toldAt) = (count, now);
        Remove(count);
    }

    /// <summary>What the first so many wait for was in memory, and is gone.</summary>
    public void FailUnsecured(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _waiting[i].Failed();
        }
        Remove(count);
    }

    /// <summary>Whoever waits for readings that are not appended will not be told good news.</summary>
    public void FailOpen()
    {
        for (int i = _closed; i < _waiting.Count; i++)
        {
            _waiting[i].Failed();
        }
        _waiting.RemoveRange(_closed, _waiting.Count - _closed);
    }

    /// <summary>Nobody will be told good news any more.</summary>
    public void FailAll()
    {
        foreach (Delivery delivery in _waiting)
        {
            delivery.Failed();
        }
        _waiting.Clear();
        (_closed, _committing, _unsecured) = (0, 0, 0);
    }

    private void Remove(int count)
    {
        _waiting.RemoveRange(0, count);
        _closed -= count;
        _committing -= count;
        _unsecured -= count;
    }
}
