using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors;
using EdgeAgent.Tests.Clock;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Tests.Uplink;

/// <summary>What a device tells the service of its clocks, over the real uplink.</summary>
public sealed class ClockReferenceTests
{
    private static readonly long Now = UnixTime.Nanoseconds(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task The_service_says_the_time_first_and_hears_what_it_means_for_provisional_records_before_they_come()
    {
        await using UplinkRig rig = await Rig(new SessionScript { Headers = { { "edge-server-time", $"{Now}" } } });
        BatchClock early = rig.Clock.Offset.Describe(rig.Clock.Now().UnixNanoseconds);
        await rig.AppendAsync(1);
        await rig.AppendAsync(2, clock: early);
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        SeenSession session = rig.Cloud.Sessions[0];
        (int records, ClockReference reference) = Assert.Single(session.References);
        Assert.Equal((1, rig.Clock.BootId), (records, reference.BootId));
        Assert.Equal((ClockState.Provisional, rig.Clock.BootId), (session.Open.ClockState, session.Open.BootId));
        var references = new ClockReferences();
        Assert.True(references.TryAdd(reference));
        ProtocolRecord stored = rig.Cloud.Stored[(Lane.Live, 2)];
        Assert.True(stored.Provisional);
        Assert.True(references.TryCorrect(stored.Batch.Clock, out long baseTime));
        // The test's board stands still: it was noon when it was recorded.
        Assert.Equal(Now, baseTime);
    }

    [Fact]
    public async Task Nothing_is_said_of_clocks_where_all_times_are_right()
    {
        await using UplinkRig rig = await Rig(new SessionScript { Headers = { { "edge-server-time", $"{Now}" } } });
        await rig.AppendAsync(5);
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 5);

        Assert.All(rig.Cloud.Sessions, session => Assert.Empty(session.References));
    }

    [Fact]
    public async Task The_receipt_tells_the_time_too()
    {
        await using UplinkRig rig = await Rig(new SessionScript { Receipt = static receipt => receipt.ServerTimeUnixNanoseconds = Now });
        await rig.AppendAsync(2, clock: rig.Clock.Offset.Describe(0));
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 2);

        Assert.Equal((ClockState.Synchronized, Now), (rig.Clock.State, rig.Clock.Now().UnixNanoseconds));
    }

    [Fact]
    public async Task A_service_that_does_not_say_the_time_gets_provisional_records_all_the_same()
    {
        await using UplinkRig rig = await Rig(new SessionScript());
        await rig.AppendAsync(2, clock: rig.Clock.Offset.Describe(0));
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 2);

        rig.AssertAllStored(2);
        Assert.Equal(ClockState.Provisional, rig.Clock.State);
    }

    private static Task<UplinkRig> Rig(SessionScript script)
    {
        var rig = new UplinkRig();
        rig.Clock = TestClocks.Of(new TestMachine(), rig.Folder["clock"]);
        return rig.StartAsync(script);
    }
}
