namespace EdgeAgent.Protocol;

/// <summary>
/// What ReadingBatch.dictionary is made of:
/// <code>
/// dictionary := level (8 bits) sequence (56 bits)     sequence: of the record that opened it
/// </code>
/// Level 0 is for readings as they were taken. Thinning writes other records in the place of old ones, under the sequences of the first of them: the level,
/// how often the readings were thinned, keeps the new dictionary from being taken for the old one of the same sequence.
/// </summary>
public static class DictionaryId
{
    /// <summary>Selects the sequence. 2^56 records last for two thousand years at a million a second.</summary>
    public const ulong SequenceMask = (1ul << SequenceBits) - 1;

    private const int SequenceBits = 56;

    /// <summary>The dictionary that a record of thinned readings opens.</summary>
    /// <param name="sequence">Of the record.</param>
    /// <param name="level">How often the readings were thinned, from 1.</param>
    public static ulong OfThinned(ulong sequence, int level) => sequence | ((ulong)level << SequenceBits);

    /// <summary>Where to look for the definitions: the first record that can hold one.</summary>
    public static ulong OpenedBy(ulong dictionary) => dictionary & SequenceMask;

    /// <summary>Whether its series were named by thinning, and not as the readings were taken.</summary>
    public static bool IsThinned(ulong dictionary) => dictionary > SequenceMask;
}
