using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using Grpc.Core;

namespace EdgeAgent.Tests.Uplink;

/// <summary>What the service asks the device to wait for, and what else it waits for, on a clock that the test moves.</summary>
public sealed class UplinkWaitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(StatusCode.Unavailable, "edge-retry-after-ms")]
    [InlineData(StatusCode.ResourceExhausted, "edge-retry-after-ms")]
    [InlineData(StatusCode.Unauthenticated, "edge-retry-after-ms")]
    [InlineData(StatusCode.Unavailable, "grpc-retry-pushback-ms")]
    public async Task Who_refuses_and_says_for_how_long_is_left_alone_for_so_long_at_least(StatusCode status, string trailer)
    {
        await using UplinkRig rig = await StartAsync(new SessionScript { OnOpen = _ => throw SessionScript.Status(status, (trailer, "60000")) });
        Uploader uploader = rig.Run();
        await WaitForStateAsync(uploader, UploadState.BackingOff, UploadState.Refused);

        Assert.InRange(await rig.AdvanceUntilAsync(_time, uploader, () => rig.Cloud.Sessions.Count == 2), TimeSpan.FromSeconds(60), TimeSpan.MaxValue);
        await rig.AdvanceUntilAsync(_time, uploader, () => rig.Live.Released == 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Old_data_starts_after_what_the_headers_say_also_where_the_connection_is_lost_in_between(bool isLost)
    {
        Metadata headers = new() { { "edge-backlog-start-after-ms", "60000" } };
        await using UplinkRig rig = await StartAsync(new SessionScript
        {
            Headers = headers,
            OnReceipt = _ => isLost ? throw SessionScript.Status(StatusCode.Unavailable) : Task.CompletedTask,
        });
        rig.Cloud.Otherwise = new SessionScript { Headers = headers };
        await rig.AppendAsync(3, SpoolLane.Backlog);
        SpoolQueue backlog = rig.Slot.Current.Spool[SpoolLane.Backlog];
        Uploader uploader = rig.Run(SpoolLane.Backlog);
        await rig.Cloud.WaitUntilAsync(cloud => cloud.Sessions.Count == 1 && cloud.OpenSessions == 0);

        Assert.InRange(await rig.AdvanceUntilAsync(_time, uploader, () => backlog.Released == 3), TimeSpan.FromSeconds(60), TimeSpan.MaxValue);

        // One to hear of it, one to send.
        Assert.Equal(2, rig.Cloud.Sessions.Count);
        Assert.Empty(rig.Cloud.Sessions[0].Records);
    }

    [Fact]
    public async Task A_receipt_that_asks_for_a_pause_gets_it()
    {
        await using UplinkRig rig = await StartAsync(new SessionScript { Receipt = receipt => receipt.RetryAfterMilliseconds = 60_000 });
        Uploader uploader = rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);
        await rig.AppendAsync(1);
        await WaitForStateAsync(uploader, UploadState.Waiting);

        Assert.InRange(await rig.AdvanceUntilAsync(_time, uploader, () => rig.Live.Released == 4), TimeSpan.FromSeconds(60), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task A_refused_device_asks_again_within_one_slow_step_and_at_once_when_its_certificate_is_replaced()
    {
        SessionScript refuse = new() { OnOpen = _ => throw SessionScript.Status(StatusCode.Unauthenticated) };
        await using UplinkRig rig = await StartAsync(refuse, refuse);
        rig.Options.BackoffLast = TimeSpan.FromMinutes(10);
        Uploader uploader = rig.Run();
        await WaitForStateAsync(uploader, UploadState.Refused);
        Assert.Equal(0ul, rig.Live.Released);

        await rig.AdvanceUntilAsync(_time, uploader, () => rig.Cloud.Sessions.Count == 2, TimeSpan.FromSeconds(5));
        await WaitForStateAsync(uploader, UploadState.Refused);
        rig.WriteDevice("device-new", rig.Authority);
        _time.Advance(TimeSpan.FromSeconds(5));
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        Assert.Contains("device-new", rig.Cloud.Devices);
        Assert.Contains(rig.Log.Lines, line => line.Contains("asks again at once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_weeks_and_months_without_a_service_it_is_still_asked_for_and_everything_is_sent()
    {
        await using UplinkRig rig = await StartAsync();
        await rig.StopServerAsync();
        (rig.Options.BackoffFirst, rig.Options.BackoffLast) = (TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        // Looked at every five seconds: none of them makes the months short.
        (string? certificate, string? authority) = (rig.Options.CertificateFile, rig.Options.AuthorityFile);
        (rig.Options.CertificateFile, rig.Options.AuthorityFile) = (null, null);
        Uploader uploader = rig.Run();
        // 25 and 50 days are where timers of 32 bits of milliseconds end; the second one takes some seconds more.
        int days = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1" ? 60 : 26;
        await WaitForStateAsync(uploader, UploadState.BackingOff);
        for (int day = 0; day < days; day++)
        {
            // No wait is longer than a day, so that each day has its attempt.
            long failed = rig.Metrics.SessionsFailed.Value;
            _time.Advance(TimeSpan.FromDays(1));
            await Eventually.TrueAsync(
                () => rig.Metrics.SessionsFailed.Value > failed && uploader.State == UploadState.BackingOff, Patience,
                () => $"the service is asked for on day {day}; the uploader is {uploader.State}", TimeSpan.FromMilliseconds(1));
        }

        (rig.Options.CertificateFile, rig.Options.AuthorityFile) = (certificate, authority);
        await rig.StartServerAsync();
        await rig.AdvanceUntilAsync(_time, uploader, () => rig.Live.Released == 3);

        rig.AssertAllStored(3);
    }

    private async Task<UplinkRig> StartAsync(params SessionScript[] scripts)
    {
        UplinkRig rig = await new UplinkRig().StartAsync(scripts);
        (rig.Time, rig.Options.SessionLinger) = (_time, TimeSpan.Zero);
        await rig.AppendAsync(3);
        return rig;
    }

    private static Task WaitForStateAsync(Uploader uploader, params UploadState[] states) => Eventually.TrueAsync(
        () => states.Contains(uploader.State), Patience, () => $"the uploader is {string.Join(" or ", states)}; it is {uploader.State}", TimeSpan.FromMilliseconds(1));
}
