namespace EdgeAgent.Sensors.Mqtt;

/// <summary>
/// What waits for its commit, kept under the token of its <see cref="Readings.Delivery"/>. Slots are used again, so that a message costs
/// no allocation; their number follows the most that ever waited at once, which the transport's receive maximum bounds.
/// </summary>
internal sealed class DeliverySlots<TWaiting>
{
    private readonly Lock _lock = new();
    private TWaiting?[] _waiting = new TWaiting?[64];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _used;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _used - _freeCount;
            }
        }
    }

    /// <returns>The token.</returns>
    public long Put(in TWaiting waiting)
    {
        lock (_lock)
        {
            if (_freeCount == 0 && _used == _waiting.Length)
            {
                Array.Resize(ref _waiting, 2 * _used);
                Array.Resize(ref _free, 2 * _used);
            }
            int slot = _freeCount > 0 ? _free[--_freeCount] : _used++;
            _waiting[slot] = waiting;
            return slot;
        }
    }

    /// <summary>Gives back what <see cref="Put"/> took. Once for each token: after that the token means another.</summary>
    public TWaiting Take(long token)
    {
        lock (_lock)
        {
            int slot = (int)token;
            TWaiting waiting = _waiting[slot]!;
            _waiting[slot] = default;
            _free[_freeCount++] = slot;
            return waiting;
        }
    }
}
