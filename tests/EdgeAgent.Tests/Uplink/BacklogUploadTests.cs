using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using Grpc.Core;

namespace EdgeAgent.Tests.Uplink;

public sealed class BacklogUploadTests
{
    [Fact]
    public async Task The_backlog_is_sent_under_its_own_numbers_beside_the_live_lane()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await rig.AppendAsync(5);
        await rig.AppendAsync(20, SpoolLane.Backlog);
        rig.Run();
        rig.Run(SpoolLane.Backlog);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 5);
        await UplinkRig.WaitForReleaseAsync(rig.Backlog, 20);
        rig.AssertAllStored(5);
        rig.AssertAllStored(20, Lane.Backlog);
    }

    [Fact]
    public async Task The_pause_that_the_service_asks_for_holds_the_backlog_and_not_the_live_lane()
    {
        static SessionScript Later() => new() { Headers = { { "edge-backlog-start-after-ms", "3600000" } } };
        await using UplinkRig rig = await new UplinkRig().StartAsync(Later(), Later());
        await rig.AppendAsync(5);
        await rig.AppendAsync(5, SpoolLane.Backlog);
        Uploader backlog = rig.Run(SpoolLane.Backlog);
        await rig.Cloud.WaitUntilAsync(static cloud => cloud.Scripts.Count == 1);
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 5);
        await UplinkRig.WaitForStateAsync(backlog, UploadState.Waiting);
        Assert.Equal(0ul, rig.Backlog.Sent);
    }

    [Fact]
    public async Task A_service_that_knows_no_backlog_costs_nothing_but_the_backlogs_time()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript
        {
            OnOpen = static _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "lane 3 is neither alarm nor live.")),
        });
        (rig.Options.BackoffFirst, rig.Options.BackoffLast) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        await rig.AppendAsync(5, SpoolLane.Backlog);
        Uploader backlog = rig.Run(SpoolLane.Backlog);
        await UplinkRig.WaitForStateAsync(backlog, UploadState.Refused);
        await rig.AppendAsync(5);
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 5);
        Assert.Equal((5ul, 0ul), (rig.Backlog.Committed, rig.Backlog.Released));
    }

    [Fact]
    public async Task What_waits_too_long_for_its_turn_gives_up_its_session_and_nothing_is_lost_or_twice()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        // A record pays for twenty seconds.
        rig.Options.BytesPerSecond = 10;
        await rig.AppendAsync(2, SpoolLane.Backlog, readings: 12);
        Uploader backlog = rig.Run(SpoolLane.Backlog);
        await UplinkRig.WaitForReleaseAsync(rig.Backlog, 1);
        await UplinkRig.WaitForStateAsync(backlog, UploadState.Waiting);
        Assert.Equal((1ul, 1L), (rig.Backlog.Released, rig.Metrics.SessionsOpened.Value));
        Assert.Equal(0, rig.Metrics.SessionsFailed.Value);
    }
}
