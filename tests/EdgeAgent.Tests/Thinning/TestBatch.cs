using System.Buffers;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Tests.Thinning;

/// <summary>Readings of named series, encoded as the agent would; series are numbered as they come.</summary>
internal sealed class TestBatch(string unit = "Cel") : ISeriesDefinitions
{
    private readonly BatchEncoder _encoder = new();
    private readonly List<SeriesDefinition> _definitions = [];
    private readonly Dictionary<string, uint> _references = [];

    public SeriesDefinition this[uint reference] => _definitions[(int)reference - 1];

    public static long Seconds(double seconds) => (long)(seconds * 1_000_000_000);

    public TestBatch Number(string series, long time, double value, Quality quality = Quality.Good) =>
        Add(series, SeriesKind.Number, time, value, null, quality);

    public TestBatch Boolean(string series, long time, bool value, Quality quality = Quality.Good) =>
        Add(series, SeriesKind.Boolean, time, value ? 1 : 0, null, quality);

    public TestBatch Text(string series, long time, string value, Quality quality = Quality.Good) =>
        Add(series, SeriesKind.Text, time, 0, value, quality);

    public TestBatch Add(string series, SeriesKind kind, long time, double number, string? text, Quality quality)
    {
        if (!_references.TryGetValue(series, out uint reference))
        {
            _references[series] = reference = (uint)_definitions.Count + 1;
            _definitions.Add(new SeriesDefinition
            {
                Ref = reference,
                Name = series,
                Kind = kind,
                Unit = unit,
                Labels = { ["room"] = "2.17" },
                ExpectedIntervalMilliseconds = 10_000,
            });
        }
        _encoder.Add(reference, kind, time, number, text, quality);
        return this;
    }

    /// <summary>Closes a record of what was added since the last one. The first one names the series.</summary>
    public byte[] Close(ulong dictionary = 1, BatchClock? clock = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        _encoder.Encode(dictionary, this, BatchCompression.Gzip, bytes, clock);
        return bytes.WrittenSpan.ToArray();
    }
}
