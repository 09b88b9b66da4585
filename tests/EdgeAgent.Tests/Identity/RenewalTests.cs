using System.Security.Cryptography;
using EdgeAgent.Identity;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Tests.Uplink;
using EdgeAgent.Uplink;
using Grpc.Core;

namespace EdgeAgent.Tests.Identity;

/// <summary>How a certificate is followed by the next one, and what happens where that fails.</summary>
public sealed class RenewalTests
{
    [Fact]
    public async Task A_certificate_is_renewed_when_two_thirds_are_over_and_the_one_before_is_kept_until_a_receipt()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        UplinkConnection readings = rig.Uplink.Connect();
        IdentityKeeper keeper = rig.Keeper(readings);
        await IdentityRig.StepAsync(keeper);
        await IdentityRig.StepAsync(keeper);
        Assert.Equal((IdentityState.InForce, 0), (keeper.State, rig.Cloud.Renewals));

        rig.Time.Advance(TimeSpan.FromDays(62));
        Assert.Equal(TimeSpan.Zero, await IdentityRig.StepAsync(keeper));
        Assert.Equal((IdentityState.Renewing, 1), (keeper.State, rig.Store.Current));
        Assert.Equal(TimeSpan.Zero, await IdentityRig.StepAsync(keeper));
        Assert.Equal((IdentityState.OnTrial, 2), (keeper.State, rig.Store.Current));
        await IdentityRig.StepAsync(keeper);
        Assert.Equal(IdentityState.Unproven, keeper.State);
        Assert.NotNull(rig.Store.Read(1));

        await keeper.StartAsync(CancellationToken.None);
        await rig.UploadAsync(readings, 1);
        await keeper.StopAsync(CancellationToken.None);
        await IdentityRig.StepAsync(keeper);

        Assert.Equal(IdentityState.InForce, keeper.State);
        Assert.Equal(["2.chain", "2.key", "2.request", "current", "lock"], Directory.GetFiles(rig.IdentityFolder).Select(Path.GetFileName).Order());
        Assert.NotEqual(rig.Cloud.Requests.First(), rig.Cloud.Requests.Last());
    }

    [Fact]
    public async Task A_renewal_whose_answer_was_lost_is_asked_again_with_the_same_request_by_the_next_process()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Cloud.LostAnswers = 1;
        rig.Time.Advance(TimeSpan.FromDays(62));

        Assert.True(await IdentityRig.StepAsync(keeper) > TimeSpan.Zero);
        await IdentityRig.StepAsync(rig.Keeper());

        Assert.Equal(2, rig.Cloud.Renewals);
        Assert.Single(rig.Cloud.Requests.Skip(1).Select(Convert.ToBase64String).Distinct());
        Assert.NotNull(rig.Store.Read(2));
    }

    [Fact]
    public async Task A_certificate_that_the_service_issued_and_does_not_accept_is_set_aside_and_the_one_before_serves_on()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Cloud.ForgetsNew = true;
        rig.Time.Advance(TimeSpan.FromDays(62));

        for (int i = 0; i < 2; i++)
        {
            await IdentityRig.StepAsync(keeper);
            TimeSpan wait = await IdentityRig.StepAsync(keeper);
            Assert.True(wait >= TimeSpan.FromMinutes(30), "a service that is wrong is not asked at once again");
            Assert.Equal(1, rig.Store.Current);
        }

        Assert.Equal(1, rig.Told("issued a certificate and does not accept it"));
        Assert.True(File.Exists(rig.Store.RefusedFile));
        await rig.UploadAsync(rig.Uplink.Connect(), 1);
        rig.Cloud.ForgetsNew = false;
        await IdentityRig.StepAsync(keeper);
        await IdentityRig.StepAsync(keeper);
        Assert.Equal(2, rig.Store.Current);
    }

    [Fact]
    public async Task A_candidate_on_which_connections_end_counts_as_refused_when_the_present_certificate_is_answered_three_times()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        (rig.Cloud.ForgetsNew, rig.Cloud.EndsTls) = (true, true);
        rig.Time.Advance(TimeSpan.FromDays(62));
        await IdentityRig.StepAsync(keeper);

        for (int i = 0; i < 2; i++)
        {
            await IdentityRig.StepAsync(keeper);
            Assert.NotNull(rig.Store.Read(2));
        }
        await IdentityRig.StepAsync(keeper);

        Assert.Null(rig.Store.Read(2));
        Assert.Equal(1, rig.Told("set aside"));
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_costs_no_candidate()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Time.Advance(TimeSpan.FromDays(62));
        await IdentityRig.StepAsync(keeper);
        await rig.Cloud.StopAsync();

        for (int i = 0; i < 5; i++)
        {
            await IdentityRig.StepAsync(keeper);
        }
        Assert.NotNull(rig.Store.Read(2));
        await rig.Cloud.StartAsync();
        await IdentityRig.StepAsync(rig.Keeper());

        Assert.Equal(2, rig.Store.Current);
    }

    [Fact]
    public async Task A_certificate_in_force_that_is_refused_before_its_first_receipt_gives_way_to_the_one_before()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Time.Advance(TimeSpan.FromDays(62));
        await IdentityRig.StepAsync(keeper);
        await IdentityRig.StepAsync(keeper);
        Assert.Equal(2, rig.Store.Current);

        rig.Cloud.Forget(rig.Certificate(2));
        rig.IsRefused = true;
        TimeSpan wait = await IdentityRig.StepAsync(keeper);

        Assert.Equal(1, rig.Store.Current);
        Assert.True(wait >= TimeSpan.FromMinutes(30));
        rig.IsRefused = false;
        await rig.UploadAsync(rig.Uplink.Connect(), 1);
    }

    [Fact]
    public async Task A_certificate_for_another_device_is_not_kept()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Cloud.Device = "pump-8";
        rig.Time.Advance(TimeSpan.FromDays(62));

        await IdentityRig.StepAsync(keeper);

        Assert.Null(rig.Store.Read(2));
        Assert.Equal(1, rig.Told("is for pump-8, and this device is pump-7"));
    }

    [Fact]
    public async Task Out_of_the_warehouse_an_expired_certificate_is_renewed_on_the_same_endpoint()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Time.Advance(TimeSpan.FromDays(200));

        await IdentityRig.StepAsync(keeper);
        await IdentityRig.StepAsync(keeper);

        Assert.Equal(2, rig.Store.Current);
        await rig.UploadAsync(rig.Uplink.Connect(), 1);
    }

    [Fact]
    public async Task Where_an_expired_certificate_is_not_renewed_any_more_the_device_says_once_what_to_do_and_asks_slowly()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Cloud.RenewRefusal = new Status(StatusCode.PermissionDenied, "Expired for too long.");
        rig.Time.Advance(TimeSpan.FromDays(300));

        Assert.True(await IdentityRig.StepAsync(keeper) >= TimeSpan.FromMinutes(30));
        await IdentityRig.StepAsync(keeper);

        Assert.Equal(1, rig.Told("expired at", "run edge-agent enroll"));
        Assert.Equal(1, rig.Store.Current);
    }

    [Fact]
    public async Task A_clock_that_is_not_known_renews_nothing_and_throws_nothing_away()
    {
        await using var rig = new IdentityRig(new TestMachine());
        await rig.StartAsync();
        rig.Cloud.Time = TimeProvider.System;
        IdentityKeeper keeper = await rig.EnrolledAsync();

        rig.Time.Advance(TimeSpan.FromDays(80));
        await IdentityRig.StepAsync(keeper);
        rig.Time.SetWallClock(DateTimeOffset.UtcNow.AddYears(30));
        await IdentityRig.StepAsync(keeper);

        Assert.Equal((IdentityState.InForce, 0), (keeper.State, rig.Cloud.Renewals));
        Assert.Null(rig.Uplink.Metrics.CertificateLeft.Value);
    }

    [Fact]
    public async Task In_1970_a_certificate_that_the_service_refuses_is_renewed_and_the_service_says_what_time_it_is()
    {
        await using var rig = new IdentityRig(new TestMachine());
        await rig.StartAsync();
        (rig.Cloud.Time, rig.Cloud.Backdated) = (TimeProvider.System, TimeSpan.FromDays(100));
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Cloud.Backdated = TimeSpan.Zero;
        rig.Cloud.Readings.Otherwise = new SessionScript { Headers = [new("edge-server-time", $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}000000")] };
        Assert.False(rig.Uplink.Clock.IsKnown);

        rig.IsRefused = true;
        await IdentityRig.StepAsync(keeper);
        await IdentityRig.StepAsync(keeper);

        Assert.Equal(2, rig.Store.Current);
        Assert.True(rig.Uplink.Clock.IsKnown);
    }

    [Fact]
    public async Task A_key_from_outside_stays_the_same_and_is_never_written()
    {
        using var given = new TemporaryFolder();
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            await File.WriteAllTextAsync(given["key"], key.ExportECPrivateKeyPem());
        }
        byte[] before = await File.ReadAllBytesAsync(given["key"]);
        await using var rig = new IdentityRig(keyFile: given["key"]);
        await rig.StartAsync();
        IdentityKeeper keeper = await rig.EnrolledAsync();
        rig.Time.Advance(TimeSpan.FromDays(62));
        await IdentityRig.StepAsync(keeper);
        await IdentityRig.StepAsync(keeper);

        Assert.Equal(2, rig.Store.Current);
        Assert.Equal(rig.Certificate(1).GetPublicKey(), rig.Certificate(2).GetPublicKey());
        Assert.Equal(before, await File.ReadAllBytesAsync(given["key"]));
        Assert.DoesNotContain(Directory.GetFiles(rig.IdentityFolder), static file => file.EndsWith(".key", StringComparison.Ordinal));
    }
}
