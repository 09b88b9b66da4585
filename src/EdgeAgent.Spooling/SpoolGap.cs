namespace EdgeAgent.Spooling;

/// <summary>A run of sequences that hold nothing deliverable.</summary>
/// <param name="From">The first of them.</param>
/// <param name="To">The last of them.</param>
/// <param name="Items">How many readings went with them; 0 where damage leaves no way to know.</param>
/// <param name="Cause">Why they are gone.</param>
public readonly record struct SpoolGap(ulong From, ulong To, ulong Items, LossCause Cause)
{
    /// <summary>How many records are gone.</summary>
    public ulong Records => To - From + 1;
}
