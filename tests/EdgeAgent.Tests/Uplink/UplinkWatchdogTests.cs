using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Supervision;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

/// <summary>Lines and services that seem alive, and carry nothing.</summary>
public sealed class UplinkWatchdogTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    /// <summary>Beyond that of a receipt, and before there must be progress.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(65);

    [Fact]
    public async Task A_service_that_answers_every_step_and_acknowledges_nothing_gets_a_new_connection()
    {
        var isAwaited = new TaskCompletionSource();
        var time = new ManualTimeProvider();
        await using UplinkRig rig = await new UplinkRig().StartAsync(Hanging(isAwaited));
        (rig.Time, rig.Options.SessionLinger, rig.Options.ReceiptTimeout) = (time, TimeSpan.Zero, TimeSpan.FromDays(1));
        await rig.AppendAsync(3);
        Uploader uploader = rig.Run();
        await isAwaited.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await UplinkRig.WaitForStateAsync(uploader, UploadState.Waiting);

        time.Advance(rig.Options.SessionTime + rig.Options.ProgressTimeout + TimeSpan.FromSeconds(1));
        await rig.AdvanceUntilAsync(time, uploader, () => rig.Live.Released == 3);

        rig.AssertAllStored(3);
        Assert.Equal(2, rig.Metrics.Connections.Value);
        Assert.Equal(1, rig.Metrics.UplinkStalls.Value);
    }

    [Fact]
    public async Task After_so_many_of_them_in_a_row_the_supervisor_is_told_and_when_it_moves_again_too()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = new SessionScript { OnOpen = SessionScript.Hang };
        rig.Supervisor = rig.Folder["notify"];
        using var supervisor = new FakeSupervisor(rig.Supervisor);
        (rig.Options.SessionTime, rig.Options.ProgressTimeout, rig.Options.FruitlessConnections) = (Moment, Moment, 3);
        await rig.AppendAsync(3);
        rig.Run();

        Assert.StartsWith(
            "STATUS=The uplink makes no progress: the Live lane had 3 connections in a row", await supervisor.NextAsync(), StringComparison.Ordinal);
        Assert.True(rig.Health.Progress.IsStalled);
        rig.Cloud.Otherwise = new SessionScript();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);
        string status;
        while ((status = await supervisor.NextAsync()).Contains("no progress", StringComparison.Ordinal))
        {
        }

        Assert.Equal("STATUS=The uplink makes progress again.", status);
        Assert.False(rig.Health.Progress.IsStalled);
    }

    [Fact]
    public async Task A_lane_that_hangs_alone_is_tried_again_over_the_connection_that_the_other_lane_is_served_on()
    {
        var isAwaited = new TaskCompletionSource();
        var time = new ManualTimeProvider();
        await using UplinkRig rig = await new UplinkRig().StartAsync(Hanging(isAwaited));
        (rig.Time, rig.Options.SessionLinger) = (time, TimeSpan.Zero);
        await rig.AppendAsync(1);
        Uploader live = rig.Run();
        await isAwaited.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await UplinkRig.WaitForStateAsync(live, UploadState.Waiting);
        await rig.AppendAsync(1, SpoolLane.Alarm);
        rig.RunBeside(SpoolLane.Alarm);
        await UplinkRig.WaitForReleaseAsync(rig.Alarm, 1);

        time.Advance(Deadline);
        await rig.AdvanceUntilAsync(time, live, () => rig.Live.Released == 1);

        Assert.Equal(1, rig.Metrics.SessionsFailed.Value);
        Assert.Equal(1, rig.Metrics.Connections.Value);
    }

    [Fact]
    public async Task A_lane_that_hangs_alone_twice_in_a_row_gets_a_new_connection_for_all()
    {
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        var time = new ManualTimeProvider();
        await using UplinkRig rig = await new UplinkRig().StartAsync(Hanging(first));
        (rig.Time, rig.Options.SessionLinger) = (time, TimeSpan.Zero);
        await rig.AppendAsync(1);
        Uploader live = rig.Run();
        await first.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await UplinkRig.WaitForStateAsync(live, UploadState.Waiting);
        await rig.AppendAsync(1, SpoolLane.Alarm);
        rig.RunBeside(SpoolLane.Alarm);
        await UplinkRig.WaitForReleaseAsync(rig.Alarm, 1);
        // The record is stored, so that the next session would only release it.
        rig.Cloud.Scripts.Enqueue(new SessionScript { OnOpen = cancellation => HangAsync(second, cancellation) });
        time.Advance(Deadline);
        await rig.AdvanceUntilAsync(time, live, () => second.Task.IsCompleted);
        await rig.AppendAsync(1, SpoolLane.Alarm);
        await UplinkRig.WaitForReleaseAsync(rig.Alarm, 2);
        time.Advance(rig.Options.ConnectTimeout + TimeSpan.FromSeconds(1));

        await rig.AdvanceUntilAsync(time, live, () => rig.Live.Released == 1);

        Assert.Equal(2, rig.Metrics.Connections.Value);
    }

    [Fact]
    public async Task A_line_that_is_slow_but_moves_is_not_given_up()
    {
        var isAwaited = new TaskCompletionSource();
        var mayReply = new TaskCompletionSource();
        var time = new ManualTimeProvider();
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript
        {
            OnReceipt = _ =>
            {
                isAwaited.TrySetResult();
                return mayReply.Task;
            },
        });
        (rig.Time, rig.Options.SessionLinger) = (time, TimeSpan.Zero);
        // 480 kB: more than six minutes on the slowest line.
        await rig.AppendAsync(40, readings: 1_500);
        Uploader uploader = rig.Run();
        await isAwaited.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await UplinkRig.WaitForStateAsync(uploader, UploadState.Waiting);

        time.Advance(TimeSpan.FromMinutes(6));
        mayReply.SetResult();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 40);

        Assert.Equal(0, rig.Metrics.SessionsFailed.Value);
        Assert.Single(rig.Cloud.Sessions);
    }

    [Fact]
    public async Task What_was_waited_while_the_service_was_away_is_not_taken_from_the_first_session_after_it()
    {
        var time = new ManualTimeProvider();
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript { OnOpen = _ => throw SessionScript.Status(Grpc.Core.StatusCode.Unavailable) });
        (rig.Time, rig.Options.SessionLinger) = (time, TimeSpan.Zero);
        (rig.Options.BackoffFirst, rig.Options.BackoffLast) = (TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(20));
        (rig.Options.ReceiptTimeout, rig.Options.ProgressTimeout) = (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
        await rig.AppendAsync(3);
        Uploader uploader = rig.Run();
        await UplinkRig.WaitForStateAsync(uploader, UploadState.BackingOff);

        TimeSpan waited = await rig.AdvanceUntilAsync(time, uploader, () => rig.Live.Released == 3);

        Assert.True(waited > rig.Options.ProgressTimeout + rig.Options.SessionTime, "The wait was too short to prove anything.");
        Assert.Equal(2, rig.Cloud.Sessions.Count);
        Assert.Equal(1, rig.Metrics.SessionsFailed.Value);
    }

    private static SessionScript Hanging(TaskCompletionSource isAwaited) => new() { OnReceipt = cancellation => HangAsync(isAwaited, cancellation) };

    private static Task HangAsync(TaskCompletionSource isReached, CancellationToken cancellationToken)
    {
        isReached.TrySetResult();
        return SessionScript.Hang(cancellationToken);
    }
}
