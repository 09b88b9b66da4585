using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Tests.Thinning;
using EdgeAgent.Uplink;
using Grpc.Core;
using LossCause = EdgeAgent.Protocol.V1.LossCause;

namespace EdgeAgent.Tests.Uplink;

/// <summary>The service has lost what the series are called, and so has the process: the names are in the spool only.</summary>
public sealed class LostNamesTests
{
    [Fact]
    public async Task Names_that_an_earlier_process_gave_in_records_released_since_are_found_in_the_spool()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await ReleaseThreeOfFiveAndRestartAsync(rig);
        Assert.Equal(3ul, rig.Live.Released);
        await rig.AppendAsync(2);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 7);

        Assert.Equal(2, rig.Cloud.Sessions.Count);
        Assert.Empty(rig.Cloud.Sessions[0].Open.Dictionaries);
        IEnumerable<(ulong, string)> sent = rig.Cloud.Sessions[1].Open.Dictionaries.Select(
            dictionary => (dictionary.Dictionary_, string.Join(',', dictionary.Definitions.Select(definition => $"{definition.Ref}={definition.Name}"))));
        Assert.Equal([(1ul, "1=s"), (6ul, "2=s")], sent);
        Assert.Equal(new ulong[] { 4, 5, 6, 7 }, rig.Cloud.Stored.Keys.Select(key => key.Sequence).Order());
        Assert.Empty(rig.Cloud.Gaps);
        Assert.Equal(0, rig.Metrics.RecordsRefused.Value);
    }

    [Fact]
    public async Task Records_whose_names_are_damaged_are_set_aside_one_by_one_and_the_lane_goes_on()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await ReleaseThreeOfFiveAndRestartAsync(rig, damageNames: true);
        await rig.AppendAsync(2);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 7);

        Assert.Equal(new ulong[] { 6, 7 }, rig.Cloud.Stored.Keys.Select(key => key.Sequence).Order());
        Assert.Equal(
            [(4ul, 4ul, 1ul, LossCause.Refused), (5ul, 5ul, 1ul, LossCause.Refused)],
            rig.Cloud.Gaps.Select(gap => (gap.From, gap.To, gap.Readings, gap.Cause)));
        Assert.Equal(2, rig.Metrics.RecordsRefused.Value);
        // Each was refused alone.
        Assert.All(new ulong[] { 4, 5 }, lost => Assert.Contains(rig.Cloud.Sessions, session => session.Records is [var alone] && alone == lost));
        Assert.Equal(2, rig.Log.Lines.Count(line => line.StartsWith("Error: Record ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_record_that_can_be_named_is_never_set_aside_however_often_the_service_asks()
    {
        SessionScript forgetful = new() { OnRequest = (_, _) => throw SessionScript.Status(StatusCode.FailedPrecondition) };
        await using UplinkRig rig = await new UplinkRig().StartAsync(forgetful, forgetful, forgetful, forgetful, forgetful);
        await ReleaseThreeOfFiveAndRestartAsync(rig);
        Uploader uploader = rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 5);

        Assert.Empty(rig.Cloud.Gaps);
        Assert.Equal(0, rig.Metrics.RecordsRefused.Value);
        await UplinkRig.WaitForStateAsync(uploader, UploadState.Waiting);
    }

    [Fact]
    public async Task A_record_that_was_set_aside_still_names_the_series_of_those_behind_it()
    {
        SessionScript refuse = new()
        {
            OnRequest = (_, _) => throw SessionScript.Status(StatusCode.InvalidArgument, ("edge-refused-sequence", "1")),
        };
        await using UplinkRig rig = await new UplinkRig().StartAsync(refuse);
        rig.Cloud.Names = new KnownNames();
        await rig.AppendAsync(3);
        await rig.RestartAsync();
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        Assert.Equal(new ulong[] { 2, 3 }, rig.Cloud.Stored.Keys.Select(key => key.Sequence).Order());
        Assert.Equal(1ul, Assert.Single(rig.Cloud.Gaps.DistinctBy(gap => gap.From)).To);
    }

    [Fact]
    public async Task A_series_that_thinning_numbered_is_looked_up_where_it_was_thinned_and_not_named_after_one_of_the_process()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Names = new KnownNames();
        await rig.AppendAsync(1);
        // Records 2 and 3, as thinning leaves them: the first one opens their dictionary, whose series 1 is another than that of this process.
        var encoder = new BatchEncoder();
        var names = new TestBatch();
        names.Number("thinned", 0, 0);
        for (int i = 0; i < 2; i++)
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            encoder.Add(1, SeriesKind.Number, i, i, null, Quality.Good);
            encoder.Encode(DictionaryId.OfThinned(2, 1), names, BatchCompression.Gzip, bytes);
            rig.Live.PrepareAppend(bytes.WrittenCount);
            rig.Live.Append(bytes.WrittenSpan, 1);
        }
        await rig.Live.CommitAsync();
        Assert.Equal(ReleaseResult.Released, rig.Live.Release(2));
        rig.Cloud.SetWatermark(rig.Slot.Current.Spool.Id, Lane.Live, 2);
        await rig.RestartAsync();
        await rig.AppendAsync(1);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 4);

        Assert.Equal(["s", "thinned"], rig.Cloud.Names.Used.Where(name => name != "?").Order());
        Dictionary thinned = Assert.Single(rig.Cloud.Sessions[^1].Open.Dictionaries, dictionary => DictionaryId.IsThinned(dictionary.Dictionary_));
        Assert.Equal("1=thinned", string.Join(',', thinned.Definitions.Select(definition => $"{definition.Ref}={definition.Name}")));
        Assert.Empty(rig.Cloud.Gaps);
    }

    /// <summary>Five records under one dictionary, in one segment; and a catalog that numbers the series differently.</summary>
    private static async Task ReleaseThreeOfFiveAndRestartAsync(UplinkRig rig, bool damageNames = false)
    {
        rig.Cloud.Names = new KnownNames();
        await rig.AppendAsync(5);
        byte[] first = FirstRecord(rig.Live);
        Assert.Equal(ReleaseResult.Released, rig.Live.Release(3));
        rig.Cloud.SetWatermark(rig.Slot.Current.Spool.Id, Lane.Live, 3);
        await rig.RestartAsync(() =>
        {
            if (damageNames)
            {
                string segment = Path.Combine(rig.SpoolOptions.Path, "live-0000000000000001.segment");
                byte[] bytes = File.ReadAllBytes(segment);
                bytes[bytes.AsSpan().IndexOf(first) + (first.Length / 2)] ^= 1;
                File.WriteAllBytes(segment, bytes);
            }
        });
        Assert.True(rig.Catalog.TryRegister("other", "", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out _));
    }

    private static byte[] FirstRecord(SpoolQueue queue)
    {
        using SpoolReader reader = queue.OpenReader(1);
        Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
        return record.Payload.ToArray();
    }
}
