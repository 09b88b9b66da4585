using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Grpc.Core;
using LossCause = EdgeAgent.Protocol.V1.LossCause;

namespace EdgeAgent.Tests.Uplink;

public sealed class UploaderTests
{
    [Fact]
    public async Task Everything_committed_arrives_once_and_is_released()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await rig.AppendAsync(1_000);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 1_000);

        rig.AssertAllStored(1_000);
        Assert.Equal(0, rig.Cloud.Duplicates);
        Assert.Equal(["device-1"], rig.Cloud.Devices);
    }

    [Fact]
    public async Task Records_that_come_later_are_sent_without_being_asked_for()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Run();
        for (int i = 1; i <= 5; i++)
        {
            await rig.AppendAsync(1);
            await UplinkRig.WaitForReleaseAsync(rig.Live, (ulong)i);
        }

        rig.AssertAllStored(5);
    }

    [Fact]
    public async Task Nothing_is_released_before_its_receipt()
    {
        var stored = new TaskCompletionSource();
        var mayReply = new TaskCompletionSource();
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript
        {
            OnReceipt = async _ =>
            {
                stored.SetResult();
                await mayReply.Task;
            },
        });
        await rig.AppendAsync(10);
        rig.Run();

        await stored.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0ul, rig.Live.Released);
        Assert.Equal(10ul, rig.Live.Sent);
        mayReply.SetResult();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 10);
    }

    [Fact]
    public async Task After_a_lost_receipt_the_watermark_releases_and_nothing_is_sent_twice()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript
        {
            OnReceipt = _ => throw SessionScript.Status(StatusCode.Unavailable),
        });
        await rig.AppendAsync(10);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 10);

        rig.AssertAllStored(10);
        Assert.Equal(0, rig.Cloud.Duplicates);
    }

    [Fact]
    public async Task After_a_lost_receipt_an_instance_that_does_not_know_better_gets_all_again_and_drops_it()
    {
        uint stored = 0;
        uint skipped = 0;
        await using UplinkRig rig = await new UplinkRig().StartAsync(
            new SessionScript { OnReceipt = _ => throw SessionScript.Status(StatusCode.Unavailable) },
            new SessionScript { Watermark = 0, Receipt = receipt => (stored, skipped) = (receipt.RecordsStored, receipt.RecordsSkipped) });
        await rig.AppendAsync(10);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 10);

        rig.AssertAllStored(10);
        Assert.Equal((0u, 10u, 10), (stored, skipped, rig.Cloud.Duplicates));
    }

    [Theory]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.Unimplemented)]
    public async Task Whatever_a_session_fails_with_in_its_middle_all_is_kept_and_sent_from_the_watermark(StatusCode status)
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(FailAt(6, status), FailAt(8, status));
        await rig.AppendAsync(10);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 10);

        rig.AssertAllStored(10);
        Assert.Empty(rig.Cloud.Gaps);
        Assert.Equal(0, rig.Cloud.Duplicates);
        Assert.Equal([1ul, 6ul, 8ul], rig.Cloud.Sessions.Select(seen => seen.Records.First()));
    }

    [Fact]
    public async Task A_record_that_the_service_will_never_take_is_set_aside_and_explained()
    {
        SessionScript refuse = new()
        {
            OnRequest = (request, _) => request.Record?.Sequence == 4
                ? throw SessionScript.Status(StatusCode.InvalidArgument, ("edge-refused-sequence", "4"))
                : Task.CompletedTask,
        };
        await using UplinkRig rig = await new UplinkRig().StartAsync(refuse);
        await rig.AppendAsync(6);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 6);

        Gap gap = Assert.Single(rig.Cloud.Gaps);
        Assert.Equal((4ul, 4ul, 1ul, LossCause.Refused), (gap.From, gap.To, gap.Readings, gap.Cause));
        Assert.Equal(new ulong[] { 1, 2, 3, 5, 6 }, rig.Cloud.Stored.Keys.Select(key => key.Sequence).Order());
        Assert.Equal(1, rig.Metrics.RecordsRefused.Value);
    }

    [Fact]
    public async Task A_refusal_that_names_a_record_that_was_not_sent_sets_nothing_aside()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript
        {
            OnOpen = _ => throw SessionScript.Status(StatusCode.InvalidArgument, ("edge-refused-sequence", "4")),
        });
        await rig.AppendAsync(6);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 6);

        rig.AssertAllStored(6);
        Assert.Equal(0, rig.Metrics.RecordsRefused.Value);
    }

    [Fact]
    public async Task A_service_that_lost_its_names_gets_them_with_the_next_opening()
    {
        SessionScript forgetful = new() { OnRequest = (request, _) => throw SessionScript.Status(StatusCode.FailedPrecondition) };
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript(), forgetful);
        rig.Run();
        await rig.AppendAsync(1);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1);
        await rig.AppendAsync(1);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 2);

        Assert.Equal(3, rig.Cloud.Sessions.Count);
        Assert.Empty(rig.Cloud.Sessions[1].Open.Dictionaries);
        Dictionary named = Assert.Single(rig.Cloud.Sessions[2].Open.Dictionaries);
        Assert.Equal((1ul, "s"), (named.Dictionary_, Assert.Single(named.Definitions).Name));
    }

    [Fact]
    public async Task A_service_that_is_behind_what_it_confirmed_gets_an_explanation_and_what_is_still_there()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Run();
        await rig.AppendAsync(10);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 10);
        // Restored from a backup of long ago.
        rig.Cloud.SetWatermark(rig.Slot.Current.Spool.Id, Lane.Live, 3);

        await rig.AppendAsync(2);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 12);

        Gap gap = Assert.Single(rig.Cloud.Gaps);
        Assert.Equal((4ul, 10ul, LossCause.Released), (gap.From, gap.To, gap.Cause));
        rig.AssertAllStored(12);
    }

    [Fact]
    public async Task A_service_that_has_what_was_never_sent_gets_nothing_more_from_this_spool()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.SetWatermark(rig.Slot.Current.Spool.Id, Lane.Live, 3);
        await rig.AppendAsync(10);
        Uploader uploader = rig.Run();

        await UplinkRig.WaitForStateAsync(uploader, UploadState.Diverged);

        // Records 1 to 3 would have been taken for duplicates of what another device sent.
        Assert.Equal(0ul, rig.Live.Released);
        Assert.Empty(rig.Cloud.Stored);
    }

    [Fact]
    public async Task An_evicted_part_of_the_backlog_is_explained_by_number_and_cause()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        // More than the spool may take: 12 KB each.
        await rig.AppendAsync(500, readings: 1_500);
        Assert.True(rig.Slot.Current.Spool.Statistics.EvictedRecords > 0);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 500);

        Assert.All(rig.Cloud.Gaps, gap => Assert.Equal(LossCause.Evicted, gap.Cause));
        Assert.Equal(rig.Slot.Current.Spool.Statistics.EvictedItems, rig.Cloud.Gaps.Sum(gap => (long)gap.Readings));
        Assert.Equal(500, rig.Cloud.Stored.Count + rig.Cloud.Gaps.Sum(gap => (int)(gap.To - gap.From + 1)));
    }

    private static SessionScript FailAt(ulong sequence, StatusCode status) => new()
    {
        OnRequest = (request, _) => request.Record?.Sequence == sequence ? throw SessionScript.Status(status) : Task.CompletedTask,
    };
}
