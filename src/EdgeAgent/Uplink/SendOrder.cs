using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <summary>
/// Who may send now: alarms before live data before the backlog, within one rate. Pure; told the time.
/// <code>
/// order   while a lane waits or sends, none behind it begins
/// rate    a lane pays for what it and the lanes before it have sent, so that none ever waits for the bytes of one behind it
/// ahead   what was not used is kept for a while: a second of it for alarms and live data, which come in bursts; a twentieth for the backlog, which
///         would else fill the line's own queue in front of everybody
/// </code>
/// A record is let through when what came before is paid for, and paid for afterwards: one that is larger than a second of the rate passes too.
/// </summary>
internal sealed class SendOrder
{
    private static readonly SpoolLane[] Order = [SpoolLane.Alarm, SpoolLane.Live, SpoolLane.Backlog];
    private static readonly TimeSpan[] Ahead = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50)];

    private readonly TimeSpan[] _paidAt = new TimeSpan[Order.Length];
    private readonly int[] _waiting = new int[Order.Length];
    private readonly int[] _sending = new int[Order.Length];
    private ulong _bytesPerSecond;

    /// <param name="bytesPerSecond">0: no limit. Debts at another rate stay what they are.</param>
    public void Limit(ulong bytesPerSecond) => _bytesPerSecond = bytesPerSecond;

    /// <summary>The lane has something to send, and waits until it may.</summary>
    public void Ask(SpoolLane lane) => _waiting[Place(lane)]++;

    /// <summary>It waits no more, whether it sends or not.</summary>
    public void Withdraw(SpoolLane lane) => _waiting[Place(lane)]--;

    /// <summary>It sends so many bytes.</summary>
    public void Begin(SpoolLane lane, int bytes, TimeSpan now)
    {
        int place = Place(lane);
        _sending[place]++;
        if (_bytesPerSecond == 0)
        {
            return;
        }
        for (int i = place; i < Order.Length; i++)
        {
            TimeSpan earliest = now - Ahead[i];
            _paidAt[i] = (_paidAt[i] > earliest ? _paidAt[i] : earliest) + TimeSpan.FromSeconds((double)bytes / _bytesPerSecond);
        }
    }

    /// <summary>They are on their way.</summary>
    public void End(SpoolLane lane) => _sending[Place(lane)]--;

    /// <summary>Something that goes before the lane waits or is being sent.</summary>
    public bool IsBehind(SpoolLane lane)
    {
        for (int i = 0; i < Place(lane); i++)
        {
            if (_waiting[i] > 0 || _sending[i] > 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <returns>How long until what the lane has to pay for is paid.</returns>
    public TimeSpan UntilPaid(SpoolLane lane, TimeSpan now)
    {
        TimeSpan left = _bytesPerSecond == 0 ? TimeSpan.Zero : _paidAt[Place(lane)] - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static int Place(SpoolLane lane) => Array.IndexOf(Order, lane);
}
