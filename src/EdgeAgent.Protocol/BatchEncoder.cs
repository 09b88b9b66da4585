using System.Buffers;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol;

/// <summary>Collects readings and writes them as the columns of edge.v1.ReadingBatch. Reused; for one thread at a time.</summary>
public sealed class BatchEncoder
{
    /// <summary>Readings added since the last <see cref="Encode"/> or <see cref="Clear"/>.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>
    /// When to close a batch: an upper bound of what <see cref="Encode"/> will write, except that the definition of a series that was
    /// never encoded counts as 128 bytes. Costs nothing to ask.
    /// </summary>
    public int EstimatedBytes => throw new NotImplementedException();

    /// <summary>How much room to prepare: an upper bound of what <see cref="Encode"/> will write, all definitions included.</summary>
    public int MaximumBytes(ISeriesDefinitions definitions) => throw new NotImplementedException();

    /// <summary>Adds a reading. Where the quality says that there is no value, number and text are ignored.</summary>
    public void Add(uint series, SeriesKind kind, long unixNanoseconds, double number, string? text, Quality quality) => throw new NotImplementedException();

    /// <summary>
    /// Writes the stored form of the batch (see <see cref="StoredRecord"/>) and clears. Series that were not yet named under
    /// <paramref name="dictionary"/> are named.
    /// </summary>
    public void Encode(
        ulong dictionary, ISeriesDefinitions definitions, BatchCompression compression, IBufferWriter<byte> output, BatchClock? clock = null) =>
        throw new NotImplementedException();

    /// <summary>Forgets the readings.</summary>
    public void Clear() => throw new NotImplementedException();

    /// <summary>To be called when what was encoded did not reach the buffer: all series will be named again.</summary>
    public void ForgetDictionary() => throw new NotImplementedException();
}
