using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Uplink;

/// <summary>The process ends. The host leaves 30 s for that, and what follows here must need a fraction of it.</summary>
public sealed class UplinkStopTests
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task What_is_committed_when_the_stop_comes_is_sent_and_its_receipt_awaited()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await rig.AppendAsync(20);
        await rig.AppendAsync(3, SpoolLane.Alarm);
        using var running = new Running(rig);
        await running.Service.StartAsync(CancellationToken.None);

        await running.Service.StopAsync(CancellationToken.None).WaitAsync(Promptly);

        Assert.Equal((20ul, 3ul), (rig.Live.Released, rig.Alarm.Released));
        rig.AssertAllStored(20);
        rig.AssertAllStored(3, Lane.Alarm);
        Assert.Equal((UploadState.Stopped, UploadState.Stopped), (running.Service.Live.State, running.Service.Alarm.State));
    }

    [Fact]
    public async Task A_stop_does_not_complete_before_the_receipt_that_is_awaited()
    {
        var mayReply = new TaskCompletionSource();
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript { OnReceipt = _ => mayReply.Task });
        await rig.AppendAsync(5);
        using var running = new Running(rig);
        await running.Service.StartAsync(CancellationToken.None);
        await rig.Cloud.WaitForAsync(Lane.Live, 5);
        await UplinkRig.WaitForStateAsync(running.Service.Live, UploadState.Waiting);

        Task stop = running.Service.StopAsync(CancellationToken.None);
        Assert.False(stop.IsCompleted);
        Assert.Equal(0ul, rig.Live.Released);
        mayReply.SetResult();
        await stop.WaitAsync(Promptly);

        Assert.Equal(5ul, rig.Live.Released);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_session_half_closes_it_and_takes_the_receipt()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        (rig.Options.SessionTime, rig.Options.SessionLinger) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await rig.AppendAsync(3);
        using var running = new Running(rig);
        await running.Service.StartAsync(CancellationToken.None);
        await rig.Cloud.WaitForAsync(Lane.Live, 3);
        Assert.Equal((1, 0ul), (rig.Cloud.OpenSessions, rig.Live.Released));

        await running.Service.StopAsync(CancellationToken.None).WaitAsync(Promptly);

        Assert.Equal(3ul, rig.Live.Released);
        Assert.Single(rig.Cloud.Sessions);
        Assert.Equal(0, rig.Metrics.SessionsFailed.Value);
    }

    [Fact]
    public async Task A_stop_while_the_service_is_away_ends_promptly_and_everything_stays_in_the_spool()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        (rig.Options.BackoffFirst, rig.Options.BackoffLast) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await rig.StopServerAsync();
        await rig.AppendAsync(5);
        using var running = new Running(rig);
        await running.Service.StartAsync(CancellationToken.None);
        await UplinkRig.WaitForStateAsync(running.Service.Live, UploadState.BackingOff);

        await running.Service.StopAsync(CancellationToken.None).WaitAsync(Promptly);

        AssertAllKept(rig, 5);
    }

    [Fact]
    public async Task A_stop_does_not_wait_out_the_connect_timeout_of_a_service_that_never_answers()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript { OnOpen = SessionScript.Hang });
        Assert.True(rig.Options.ConnectTimeout >= 2 * Promptly);
        await rig.AppendAsync(5);
        using var running = new Running(rig);
        await running.Service.StartAsync(CancellationToken.None);
        await rig.Cloud.WaitUntilAsync(cloud => cloud.Sessions.Count == 1);

        await running.Service.StopAsync(CancellationToken.None).WaitAsync(Promptly);

        AssertAllKept(rig, 5);
    }

    [Fact]
    public async Task A_stop_that_the_host_gives_no_more_time_leaves_a_silent_service_and_everything_stays_in_the_spool()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript { OnReceipt = SessionScript.Hang });
        await rig.AppendAsync(5);
        using var running = new Running(rig);
        await running.Service.StartAsync(CancellationToken.None);
        await rig.Cloud.WaitForAsync(Lane.Live, 5);
        await UplinkRig.WaitForStateAsync(running.Service.Live, UploadState.Waiting);
        using var hostsTime = new CancellationTokenSource();

        Task stop = running.Service.StopAsync(hostsTime.Token);
        Assert.False(stop.IsCompleted);
        await hostsTime.CancelAsync();
        await stop.WaitAsync(Promptly);
        await running.Service.ExecuteTask!.WaitAsync(Promptly);

        AssertAllKept(rig, 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_does_not_wait_for_a_budget_that_is_used(bool isWaitingBefore)
    {
        await using UplinkRig rig = await new UplinkRig { Budget = new UsedBudget() }.StartAsync();
        await rig.AppendAsync(5);
        await rig.AppendAsync(3, SpoolLane.Alarm);
        using var running = new Running(rig);
        await running.Service.StartAsync(CancellationToken.None);
        if (isWaitingBefore)
        {
            await rig.Cloud.WaitForAsync(Lane.Alarm, 3);
            await UplinkRig.WaitForStateAsync(running.Service.Live, UploadState.Waiting);
        }

        await running.Service.StopAsync(CancellationToken.None).WaitAsync(Promptly);

        Assert.Equal(3ul, rig.Alarm.Released);
        AssertAllKept(rig, 5);
    }

    [Fact]
    public async Task Without_a_spool_a_stop_ends_promptly()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await rig.Slot.DisposeAsync();
        using var running = new Running(rig);
        await running.Service.StartAsync(CancellationToken.None);

        await running.Service.StopAsync(CancellationToken.None).WaitAsync(Promptly);

        Assert.Equal(UploadState.Stopped, running.Service.Live.State);
    }

    private sealed class UsedBudget : ILaneBudget
    {
        public TimeSpan WaitFor(SpoolLane lane) => lane == SpoolLane.Alarm ? TimeSpan.Zero : TimeSpan.FromMinutes(10);
    }

    private static void AssertAllKept(UplinkRig rig, ulong records)
    {
        Assert.Equal(0ul, rig.Live.Released);
        using SpoolReader reader = rig.Live.OpenReader(1);
        for (ulong sequence = 1; sequence <= records; sequence++)
        {
            Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
            Assert.Equal(sequence, record.Sequence);
        }
    }

    private sealed class Running : IDisposable
    {
        private readonly UplinkConnection _connection;

        public Running(UplinkRig rig)
        {
            _connection = new UplinkConnection(rig.Options, rig.Metrics, new CertificateTimes(rig.Clock, TimeProvider.System), TimeProvider.System, new Random(1), rig.Log);
            Service = new UplinkService(
                rig.Slot, _connection, new SessionOpening(rig.Catalog, rig.Clock, rig.Watch), rig.Gate, rig.Watch, rig.Options, rig.Health, rig.Hearts, TimeProvider.System, rig.Metrics, NullLogger<UplinkService>.Instance);
        }

        public UplinkService Service { get; }

        public void Dispose()
        {
            Service.Dispose();
            _connection.Dispose();
        }
    }
}
