using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

public sealed class DictionaryTests
{
    private readonly BatchEncoder _encoder = new();
    private readonly TestSeries _series = new();

    [Fact]
    public void A_series_is_named_once_under_a_dictionary()
    {
        Assert.Equal([1u, 2u], NamedBy(dictionary: 10, 1, 2));
        Assert.Empty(NamedBy(dictionary: 10, 1, 2));
        Assert.Equal([3u], NamedBy(dictionary: 10, 2, 3));
    }

    [Fact]
    public void Another_dictionary_names_everything_again()
    {
        NamedBy(dictionary: 10, 1, 2);
        Assert.Equal([2u], NamedBy(dictionary: 20, 2));
        Assert.Equal([1u], NamedBy(dictionary: 20, 1, 2));
    }

    [Fact]
    public void After_a_failed_append_the_same_dictionary_names_everything_again()
    {
        NamedBy(dictionary: 10, 1, 2);
        _encoder.ForgetDictionary();
        Assert.Equal([1u, 2u], NamedBy(dictionary: 10, 1, 2));
        Assert.Empty(NamedBy(dictionary: 10, 1, 2));
    }

    [Fact]
    public void Cleared_readings_name_nothing()
    {
        _encoder.Add(1, SeriesKind.Number, 0, 1, null, Quality.Good);
        _encoder.Clear();
        Assert.Equal(0, _encoder.Count);
        Assert.Throws<InvalidOperationException>(() => Codec.Encode(_encoder, _series));
        Assert.Equal([1u], NamedBy(dictionary: 10, 1));
    }

    [Fact]
    public void The_estimate_counts_definitions_and_starts_over_with_each_batch()
    {
        int empty = _encoder.EstimatedBytes;
        NamedBy(dictionary: 10, 1);
        Assert.Equal(empty, _encoder.EstimatedBytes);
        _encoder.Add(1, SeriesKind.Number, 0, 1, null, Quality.Good);
        Assert.Equal(_encoder.MaximumBytes(_series), _encoder.EstimatedBytes);
        _encoder.Add(2, SeriesKind.Number, 0, 1, null, Quality.Good);
        Assert.True(_encoder.EstimatedBytes > _encoder.MaximumBytes(_series), "A series that was never seen counts as 128 bytes of definition.");
    }

    [Theory]
    [InlineData(BatchCompression.None)]
    [InlineData(BatchCompression.Gzip)]
    [InlineData(BatchCompression.Brotli)]
    public void Definitions_can_be_taken_out_of_a_stored_record(BatchCompression compression)
    {
        for (uint reference = 1; reference <= 20; reference++)
        {
            _encoder.Add(reference, SeriesKind.Number, 0, reference, null, Quality.Good);
        }
        byte[] stored = Codec.Encode(_encoder, _series, compression, dictionary: 77);
        Assert.Equal(compression != BatchCompression.None, Record.Parser.ParseFrom(stored).CompressedBatch is not null);

        var definitions = new List<SeriesDefinition>();
        Assert.True(StoredRecord.TryReadDefinitions(stored, new DecodeLimits(), out ulong dictionary, definitions));
        Assert.Equal(77u, dictionary);
        Assert.Equal(Enumerable.Range(1, 20).Select(reference => _series[(uint)reference]), definitions);

        for (int length = 0; length < stored.Length; length++)
        {
            Assert.False(StoredRecord.TryReadDefinitions(stored.AsSpan(0, length), new DecodeLimits(), out _, definitions));
        }
        Assert.Equal(20, definitions.Count);
    }

    private IEnumerable<uint> NamedBy(ulong dictionary, params uint[] series)
    {
        foreach (uint reference in series)
        {
            _encoder.Add(reference, SeriesKind.Number, 0, 1, null, Quality.Good);
        }
        RecordingSink sink = Codec.Decode(Codec.Encode(_encoder, _series, dictionary: dictionary));
        Assert.All(sink.Definitions, named => Assert.Equal(dictionary, named.Dictionary));
        return sink.Definitions.Select(named => named.Definition.Ref);
    }
}
