using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class StoredDictionariesTests
{
    private const int Records = 60;
    private const int SeriesInEach = 20;

    [Fact]
    public async Task However_many_names_there_are_no_opening_passes_what_a_message_may_have_and_all_are_given_in_the_end()
    {
        await using UplinkRig rig = new();
        await rig.Slot.StartAsync(CancellationToken.None);
        await AppendAsync(rig);
        var opening = new SessionOpening(rig.Catalog, rig.Clock, rig.Watch);
        var named = new HashSet<string>();
        int openings = 0;
        for (ulong first = 1; first <= Records; openings++)
        {
            SessionOpen open = opening.For(
                SpoolLane.Live, rig.Slot.Current, first, opening.NamesFor(SpoolLane.Live, rig.Slot.Current, first, long.MaxValue));
            StoredDictionaries names = StoredDictionaries.Read(rig.Live, first, long.MaxValue, 0, rig.Catalog);

            Assert.InRange(open.CalculateSize(), 1, 1 << 20);
            named.UnionWith(open.Dictionaries.SelectMany(dictionary => dictionary.Definitions).Select(definition => definition.Name));
            Assert.True(names.Through >= first);
            first = names.Through == ulong.MaxValue ? Records + 1 : names.Through + 1;
        }

        Assert.Equal(Records * SeriesInEach, named.Count);
        Assert.InRange(openings, 2, 20);
    }

    [Fact]
    public async Task A_short_session_names_no_more_than_its_records_refer_to()
    {
        await using UplinkRig rig = new();
        await rig.Slot.StartAsync(CancellationToken.None);
        await AppendAsync(rig);

        StoredDictionaries names = StoredDictionaries.Read(rig.Live, 31, 1, 0, rig.Catalog);

        Assert.Equal(
            Enumerable.Range(30 * SeriesInEach, SeriesInEach).Select(i => $"s{i}"),
            Assert.Single(names.All).Definitions.Select(definition => definition.Name).Order(StringComparer.Ordinal));
        Assert.Equal(ulong.MaxValue, names.Through);
    }

    /// <summary>Each record refers to series of its own, whose names are longer than its readings: three megabytes of them.</summary>
    private static async Task AppendAsync(UplinkRig rig)
    {
        var encoder = new BatchEncoder();
        var labels = Enumerable.Range(0, 10).ToDictionary(i => $"label{i}", _ => new string('x', 250));
        for (int record = 0; record < Records; record++)
        {
            for (int i = 0; i < SeriesInEach; i++)
            {
                Assert.True(rig.Catalog.TryRegister(
                    $"s{(record * SeriesInEach) + i}", "", labels, SeriesKind.Number, SpoolLane.Live, out Series? series));
                encoder.Add((uint)series.Id.Index + 1, SeriesKind.Number, i, i, null, Quality.Good);
            }
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            ulong dictionary = rig.Live.PrepareAppend(encoder.MaximumBytes(rig.Catalog));
            encoder.Encode(dictionary, rig.Catalog, BatchCompression.None, bytes);
            rig.Live.Append(bytes.WrittenSpan, SeriesInEach);
        }
        await rig.Live.CommitAsync();
    }
}
