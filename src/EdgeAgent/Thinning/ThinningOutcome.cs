namespace EdgeAgent.Thinning;

/// <summary>What came of a run.</summary>
internal enum ThinningOutcome
{
    /// <summary>What is to stay was appended.</summary>
    Thinned,

    /// <summary>Half of the values or more would have to stay: nothing was appended, the readings are worth more than the room.</summary>
    NotSmaller,

    /// <summary>A record spreads over more windows or texts than memory is granted for: the run is to be given up.</summary>
    TooMuchAtOnce,

    /// <summary>The spool took no more: what was appended is for the spool to judge.</summary>
    Full,
}
