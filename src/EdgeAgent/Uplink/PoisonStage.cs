namespace EdgeAgent.Uplink;

/// <summary>How far the search for a record has come that the service rejects without naming it.</summary>
internal enum PoisonStage
{
    /// <summary>Nothing is rejected.</summary>
    Unsuspected,

    /// <summary>Sessions of half the suspects each, one at a time.</summary>
    Halving,

    /// <summary>One record was rejected alone. Now an empty session: where the service takes that, it is the record that it means.</summary>
    Comparing,

    /// <summary>
    /// The empty session was rejected too, or too much has been set aside: the service is to blame. From time to time the record alone, then the empty session
    /// again.
    /// </summary>
    Unsure,
}
