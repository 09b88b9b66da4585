namespace EdgeAgent.Spooling;

/// <summary>What <see cref="SpoolReader.Read"/> found at its position.</summary>
public enum ReadResult
{
    /// <summary>A record; its payload stays valid until the next call on the reader.</summary>
    Record,

    /// <summary>
    /// Sequences that hold nothing deliverable; <see cref="SpoolReader.Gap"/> says which and why. Tell the cloud, and read on.
    /// </summary>
    Gap,

    /// <summary>Nothing more is committed. Wait with <see cref="SpoolQueue.WaitForCommittedAsync"/>, then read on.</summary>
    End,
}
