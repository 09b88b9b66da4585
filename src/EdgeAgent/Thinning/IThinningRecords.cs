using EdgeAgent.Spooling;

namespace EdgeAgent.Thinning;

/// <summary>The records of a <see cref="ThinningRun"/>, which only a spool can make; tests bring their own.</summary>
internal interface IThinningRecords
{
    /// <inheritdoc cref="ThinningRun.FirstSequence"/>
    ulong FirstSequence { get; }

    /// <inheritdoc cref="ThinningRun.TryRead"/>
    bool TryRead(out SpoolRecord record);

    /// <inheritdoc cref="ThinningRun.TryAppend"/>
    bool TryAppend(ReadOnlySpan<byte> payload, uint items);
}
