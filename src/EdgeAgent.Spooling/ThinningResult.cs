namespace EdgeAgent.Spooling;

/// <summary>How an attempt to thin a stretch ended.</summary>
internal enum ThinningResult
{
    /// <summary>The stretch is one segment now; at least one file more is free.</summary>
    Thinned,

    /// <summary>No stretch may be thinned, or there is no file to write to: drop the oldest.</summary>
    NothingToThin,

    /// <summary>The thinner found nothing to gain, did not finish or failed. The stretch is left alone from now on: try another one.</summary>
    LeftAlone,

    /// <summary>A reader or a receipt came into the stretch meanwhile: try another one.</summary>
    Overtaken,
}
