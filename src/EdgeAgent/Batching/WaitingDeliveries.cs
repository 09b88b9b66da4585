using EdgeAgent.Readings;

namespace EdgeAgent.Batching;

/// <summary>
/// Those who wait for durability, in the order of their readings, with two marks on that order:
/// <code>settled … | committing | closed | open …</code>
/// Open: readings before it are in an open batch. Closed: all readings before it are appended. Committing: a commit that covers them
/// is under way. Structs in one reused list, so that a message costs no object.
/// </summary>
internal sealed class WaitingDeliveries
{
    private readonly List<Delivery> _waiting = [];
    private int _closed;
    private int _committing;

    public int Count => _waiting.Count;

    /// <summary>Somebody waits for a batch that is still open.</summary>
    public bool AnyOpen => _waiting.Count > _closed;

    /// <summary>Somebody waits only for a commit to be started.</summary>
    public bool AnyClosed => _closed > _committing;

    public void Add(in Delivery delivery) => _waiting.Add(delivery);

    /// <summary>All readings so far are appended.</summary>
    public void Close() => _closed = _waiting.Count;

    /// <summary>The commit that now starts covers everything that is appended.</summary>
    public void StartCommit() => _committing = _closed;

    /// <summary>The commit failed: what it was to cover is only appended, if that.</summary>
    public void AbandonCommit() => _committing = 0;

    /// <summary>The commit is done.</summary>
    /// <returns>How many were told.</returns>
    public int Committed()
    {
        for (int i = 0; i < _committing; i++)
        {
            _waiting[i].Committed();
        }
        int settled = _committing;
        _waiting.RemoveRange(0, settled);
        _closed -= settled;
        _committing = 0;
        return settled;
    }

    /// <summary>Nobody will be told good news any more.</summary>
    public void FailAll()
    {
        foreach (Delivery delivery in _waiting)
        {
            delivery.Failed();
        }
        _waiting.Clear();
        _closed = 0;
        _committing = 0;
    }
}
