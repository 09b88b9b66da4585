namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>
/// Exponential backoff with full jitter: attempt n waits a random part of min(last, first × 2ⁿ), so that many clients of a
/// broker that comes back do not come back together.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan last)
{
    private int _failures;

    public TimeSpan Next()
    {
        // The exponent is bounded, because the product would overflow long before the bound of the wait is in doubt.
        double bound = Math.Min(last.Ticks, first.Ticks * Math.Pow(2, Math.Min(_failures++, 40)));
        return TimeSpan.FromTicks((long)(bound * Random.Shared.NextDouble()));
    }

    public void Reset() => _failures = 0;
}
