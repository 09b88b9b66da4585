using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol;

/// <summary>
/// Takes what <see cref="BatchDecoder"/> reads, one series at a time, each as columns of the same length in the order in which
/// the device recorded them. Nothing is called unless the whole record is valid. All definitions come before the first column.
/// Spans are valid during the call only.
/// </summary>
/// <remarks>
/// <c>qualities</c> is empty where all readings are good. Where a quality is <see cref="Quality.NoResponse"/> or above there is no
/// value: what stands in the value column is a filler and must be ignored.
/// </remarks>
public interface IBatchSink
{
    /// <summary>A series is named for the first time under its dictionary, or again with the same content.</summary>
    void Define(ulong dictionary, SeriesDefinition definition);

    /// <summary>
    /// What comes after this call are no readings but entries of series of aggregates (<see cref="SeriesDefinition.Aggregate"/>). Not called where
    /// there are none. For those who count readings; whoever only looks at values may leave it.
    /// </summary>
    void BeginAggregates()
    {
    }

    /// <summary>Readings of a series of <see cref="SeriesKind.Number"/>.</summary>
    void Numbers(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities);

    /// <summary>Readings of a series of <see cref="SeriesKind.Boolean"/>.</summary>
    void Booleans(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities);

    /// <summary>Readings of a series of <see cref="SeriesKind.Text"/>.</summary>
    void Texts(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities);
}
