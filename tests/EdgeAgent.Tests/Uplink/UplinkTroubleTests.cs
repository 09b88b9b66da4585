using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

/// <summary>Peers that hang, vanish, restart or are not who they should be.</summary>
public sealed class UplinkTroubleTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_lane_that_waits_is_tried_at_once_when_another_one_is_answered_again()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        (rig.Options.BackoffFirst, rig.Options.BackoffLast) = (TimeSpan.FromHours(24), TimeSpan.FromHours(24));
        await rig.StopServerAsync();
        await rig.AppendAsync(2, SpoolLane.Alarm);
        Uploader alarm = rig.Run(SpoolLane.Alarm);
        await UplinkRig.WaitForStateAsync(alarm, UploadState.BackingOff);
        rig.Health.OnUnanswered(SpoolLane.Live);
        await rig.StartServerAsync();
        await rig.AppendAsync(1);

        rig.RunBeside(SpoolLane.Live);

        await UplinkRig.WaitForReleaseAsync(rig.Alarm, 2);
        Assert.Equal(1ul, rig.Live.Released);
    }

    [Fact]
    public async Task A_peer_that_never_answers_the_opening_is_given_up_after_the_connect_timeout()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript { OnOpen = SessionScript.Hang });
        rig.Options.ConnectTimeout = Soon;
        await rig.AppendAsync(3);
        rig.Run();

        await rig.Cloud.WaitUntilAsync(cloud => cloud.Sessions.Count == 1);
        rig.Options.ConnectTimeout = TimeSpan.FromSeconds(10);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        rig.AssertAllStored(3);
        Assert.Equal(2, rig.Metrics.Connections.Value);
    }

    [Fact]
    public async Task A_receipt_that_never_comes_is_given_up_and_the_rest_goes_over_a_new_connection()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript { OnReceipt = SessionScript.Hang });
        rig.Options.ReceiptTimeout = Soon;
        await rig.AppendAsync(3);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        rig.AssertAllStored(3);
        Assert.Equal(0, rig.Cloud.Duplicates);
        Assert.Equal(2, rig.Metrics.Connections.Value);
    }

    [Fact]
    public async Task A_peer_that_stops_reading_is_given_up_after_the_write_timeout()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript { OnRequest = (_, stop) => SessionScript.Hang(stop) });
        rig.Options.WriteTimeout = Soon;
        rig.Options.SessionBytes = 64 << 20;
        await rig.AppendAsync(200, readings: 1_500);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 200);

        rig.AssertAllStored(200);
        Assert.True(rig.Metrics.SessionsFailed.Value >= 1);
    }

    [Fact]
    public async Task A_service_that_restarts_in_the_middle_of_a_session_misses_nothing()
    {
        var reached = new TaskCompletionSource();
        var script = new SessionScript
        {
            OnRequest = (request, stop) =>
            {
                if (request.Record?.Sequence != 50)
                {
                    return Task.CompletedTask;
                }
                reached.SetResult();
                return SessionScript.Hang(stop);
            },
        };
        await using UplinkRig rig = await new UplinkRig().StartAsync(script);
        await rig.AppendAsync(100);
        rig.Run();
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await rig.StopServerAsync();
        await rig.StartServerAsync();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 100);

        rig.AssertAllStored(100);
        Assert.Equal(0, rig.Cloud.Duplicates);
    }

    [Fact]
    public async Task The_next_session_opens_while_a_receipt_is_awaited_and_a_third_one_does_not()
    {
        var mayReply = new TaskCompletionSource();
        var slow = new SessionScript { OnReceipt = _ => mayReply.Task };
        await using UplinkRig rig = await new UplinkRig().StartAsync(slow, slow);
        rig.Options.SessionBytes = 1;
        await rig.AppendAsync(5);
        Uploader uploader = rig.Run();

        await rig.Cloud.WaitForAsync(Lane.Live, 2);
        await UplinkRig.WaitForStateAsync(uploader, UploadState.AwaitingReceipt);
        Assert.Equal(2, rig.Cloud.OpenSessions);
        // The headers of the second session said that the first one is stored; of the second one nobody has said anything.
        Assert.Equal(1ul, rig.Live.Released);
        mayReply.SetResult();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 5);

        rig.AssertAllStored(5);
        Assert.Equal(2, rig.Cloud.MostOpenSessions);
        Assert.Equal([1ul, 2, 3, 4, 5], rig.Cloud.Sessions.Select(session => session.Open.FirstSequence));
    }

    [Fact]
    public async Task The_lag_of_the_watermark_behind_a_session_in_flight_is_not_taken_for_a_loss()
    {
        // The second session reaches an instance that has not heard of the first one yet.
        await using var rig = new UplinkRig();
        await rig.StartAsync(
            new SessionScript { OnReceipt = _ => rig.Cloud.WaitForAsync(Lane.Live, 2) }, new SessionScript { Watermark = 0 });
        rig.Options.SessionBytes = 1;
        await rig.AppendAsync(2);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 2);

        Assert.Equal(2, rig.Cloud.Sessions.Count);
        Assert.Empty(rig.Cloud.Gaps);
        Assert.Equal(0, rig.Metrics.SessionsFailed.Value);
    }

    [Fact]
    public async Task Alarms_do_not_wait_behind_a_live_lane_that_is_stuck()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript { OnReceipt = SessionScript.Hang });
        await rig.AppendAsync(1);
        rig.Run();
        await rig.Cloud.WaitForAsync(Lane.Live, 1);

        await rig.AppendAsync(1, SpoolLane.Alarm);
        rig.Run(SpoolLane.Alarm);
        await UplinkRig.WaitForReleaseAsync(rig.Alarm, 1);

        Assert.Equal(0ul, rig.Live.Released);
    }

    [Fact]
    public async Task A_server_of_another_authority_gets_nothing()
    {
        using var stranger = new TestAuthority("stranger");
        await using var rig = new UplinkRig();
        await rig.Slot.StartAsync(CancellationToken.None);
        await rig.StartServerAsync(stranger);
        await AssertNothingPassesAsync(rig);
    }

    [Fact]
    public async Task A_device_whose_certificate_is_not_accepted_is_told_to_look_at_it()
    {
        using var stranger = new TestAuthority("stranger");
        await using var rig = new UplinkRig();
        rig.WriteDevice("device-1", stranger);
        await rig.StartAsync();
        await AssertNothingPassesAsync(rig);
        Assert.Contains(rig.Log.Lines, line => line.Contains("does not accept the device's certificate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_of_another_name_gets_nothing()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Options.ServerName = "other.example.com";
        await AssertNothingPassesAsync(rig);
    }

    [Fact]
    public async Task A_certificate_that_was_replaced_on_disk_is_used_without_a_restart()
    {
        using var expiredAuthority = new TestAuthority("retired");
        await using var rig = new UplinkRig();
        rig.WriteDevice("device-old", expiredAuthority);
        await rig.StartAsync();
        await rig.AppendAsync(1);
        Uploader uploader = rig.Run();
        await UplinkRig.WaitForStateAsync(uploader, UploadState.BackingOff);
        Assert.Empty(rig.Cloud.Sessions);

        rig.WriteDevice("device-new", rig.Authority);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1);

        Assert.Equal(["device-new"], rig.Cloud.Devices);
    }

    [Fact]
    public async Task A_certificate_file_that_is_replaced_before_its_key_is_waited_for()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        string oldKey = await File.ReadAllTextAsync(rig.Options.KeyFile!);
        rig.WriteDevice("device-new", rig.Authority);
        string newKey = await File.ReadAllTextAsync(rig.Options.KeyFile!);
        await File.WriteAllTextAsync(rig.Options.KeyFile!, oldKey);
        await rig.AppendAsync(1);
        Uploader uploader = rig.Run();
        await UplinkRig.WaitForStateAsync(uploader, UploadState.BackingOff);

        await File.WriteAllTextAsync(rig.Options.KeyFile!, newKey);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1);

        Assert.Equal(["device-new"], rig.Cloud.Devices);
    }

    [Fact]
    public async Task All_that_passes_the_socket_is_counted()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await rig.AppendAsync(100, readings: 1_500);
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 100);

        long messages = rig.Cloud.Stored.Values.Sum(record => (long)record.CalculateSize());
        Assert.InRange(rig.Metrics.WireBytesSent.Value, messages + 1_000, messages * 1.02 + 20_000);
        Assert.True(rig.Metrics.WireBytesReceived.Value > 500);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_session_leaves_everything_for_the_next_run()
    {
        var reached = new TaskCompletionSource();
        await using UplinkRig rig = await new UplinkRig().StartAsync(new SessionScript
        {
            OnRequest = (request, stop) =>
            {
                if (request.Record?.Sequence != 5)
                {
                    return Task.CompletedTask;
                }
                reached.SetResult();
                return SessionScript.Hang(stop);
            },
        });
        await rig.AppendAsync(10);
        rig.Run();
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await rig.StopUplinkAsync();

        Assert.Equal(0ul, rig.Live.Released);
        using SpoolReader reader = rig.Live.OpenReader(1);
        for (ulong sequence = 1; sequence <= 10; sequence++)
        {
            Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
            Assert.Equal(sequence, record.Sequence);
        }
    }

    private static async Task AssertNothingPassesAsync(UplinkRig rig)
    {
        await rig.AppendAsync(1);
        Uploader uploader = rig.Run();
        await Eventually.TrueAsync(
            () => rig.Metrics.SessionsFailed.Value >= 3, TimeSpan.FromSeconds(20), () => $"three sessions failed; the uploader is {uploader.State}", TimeSpan.FromMilliseconds(2));
        Assert.Empty(rig.Cloud.Sessions);
        Assert.Equal(0ul, rig.Live.Released);
    }
}
