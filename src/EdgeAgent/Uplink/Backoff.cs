namespace EdgeAgent.Uplink;

/// <summary>
/// How long to leave a service alone that has failed: drawn evenly from nothing to a bound that doubles with each failure (full jitter),
/// so that a fleet that lost its cloud in one moment does not come back in one. The first wait is drawn too.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan last, Random random)
{
    private int _failures;

    public TimeSpan Next()
    {
        // 2^20 seconds are twelve days, far beyond any bound: further doubling would only overflow.
        double bound = Math.Min(last.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(_failures, 20)));
        _failures++;
        return TimeSpan.FromSeconds(bound * random.NextDouble());
    }

    /// <summary>For what will not pass by itself: the last step at once, between its half and its whole.</summary>
    public TimeSpan Slow() => last * (0.5 + (random.NextDouble() / 2));

    /// <summary>Drawn from the first step, and not counted: for what is no sign of trouble.</summary>
    public TimeSpan Soon() => first * random.NextDouble();

    /// <summary>All is well: the next failure is a first one again.</summary>
    public void Reset() => _failures = 0;
}
