namespace EdgeAgent.Batching;

/// <summary>
/// How far what the cloud knows lies behind: the age of the newest reading of the live lane that it has. Keeps three places, however many
/// batches are on their way, and is late by one of them at most. Written by the batcher, read by whoever looks.
/// <code>known | oldest on its way … | newest appended</code>
/// </summary>
internal sealed class Freshness
{
    private readonly Lock _gate = new();
    private Batch _known;
    private Batch _onItsWay;
    private Batch _newest;

    /// <summary>A batch was appended to the live lane.</summary>
    /// <param name="sequence">Under this number.</param>
    /// <param name="newest">When its newest reading came.</param>
    /// <param name="released">What the cloud has of the lane.</param>
    public void Appended(ulong sequence, TimeSpan newest, ulong released)
    {
        lock (_gate)
        {
            if (sequence <= _newest.Sequence)
            {
                // Another spool, which counts from 1.
                _onItsWay = default;
            }
            else
            {
                Look(released);
            }
            _newest = new Batch(sequence, newest);
            _onItsWay = _onItsWay.Sequence == 0 ? _newest : _onItsWay;
        }
    }

    /// <returns>Null where the cloud has had no batch of this run yet.</returns>
    public TimeSpan? Age(TimeSpan now, ulong released)
    {
        lock (_gate)
        {
            Look(released);
            return _known.Sequence == 0 ? null : now - _known.Newest;
        }
    }

    private void Look(ulong released)
    {
        if (_onItsWay.Sequence == 0 || released < _onItsWay.Sequence)
        {
            return;
        }
        bool isAll = released >= _newest.Sequence;
        _known = isAll ? _newest : _onItsWay;
        _onItsWay = isAll ? default : _newest;
    }

    private readonly record struct Batch(ulong Sequence, TimeSpan Newest);
}
