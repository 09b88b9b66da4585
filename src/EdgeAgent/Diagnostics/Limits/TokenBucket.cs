namespace EdgeAgent.Diagnostics.Limits;

/// <summary>Lets so many through at once and then one more after each period. Times are timestamps of one clock.</summary>
internal struct TokenBucket(int burst, long period)
{
    private double _tokens = burst;
    private long _at;
    private bool _isBegun;

    public bool TryTake(long now)
    {
        if (_isBegun)
        {
            _tokens = Math.Min(burst, _tokens + ((double)(now - _at) / period));
        }
        (_isBegun, _at) = (true, now);
        if (_tokens < 1)
        {
            return false;
        }
        _tokens--;
        return true;
    }
}
