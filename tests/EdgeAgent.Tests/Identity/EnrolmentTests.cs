using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Uplink;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Identity;

/// <summary>How a device gets its first certificate.</summary>
public sealed class EnrolmentTests
{
    [Fact]
    public async Task Readings_wait_for_the_enrolment_and_flow_by_its_certificate()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        UplinkConnection connection = rig.Uplink.Connect();
        await rig.Uplink.AppendAsync(3);
        Uploader uploader = rig.Uplink.Run(connection: connection);
        await UplinkRig.WaitForStateAsync(uploader, UploadState.BackingOff);

        await IdentityRig.StepAsync(rig.Keeper(connection));

        await UplinkRig.WaitForReleaseAsync(rig.Uplink.Live, 3);
        Assert.Equal("pump-7", DeviceName.Of(rig.Certificate(1)));
        Assert.Equal(1, rig.Told("This device is enrolled as pump-7"));
        Assert.Equal(1, rig.Uplink.Metrics.CertificateRequests[IssueOutcome.Issued]);
    }

    [Fact]
    public async Task The_keeper_runs_by_itself_until_the_device_is_enrolled()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = rig.Keeper();

        await keeper.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => keeper.State == IdentityState.InForce, TimeSpan.FromSeconds(20), "it is enrolled");
        await keeper.StopAsync(CancellationToken.None);

        Assert.InRange(rig.Uplink.Metrics.CertificateLeft.Value!.Value, TimeSpan.FromDays(89), TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_asked_for_again_with_the_same_key_also_by_the_next_process()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        rig.Cloud.LostAnswers = 2;
        IdentityKeeper keeper = rig.Keeper();

        TimeSpan wait = await IdentityRig.StepAsync(keeper);
        Assert.True(wait > TimeSpan.Zero);
        Assert.Equal(IdentityState.Unenrolled, keeper.State);
        await IdentityRig.StepAsync(rig.Keeper());
        await IdentityRig.StepAsync(rig.Keeper());

        Assert.Equal(1, rig.Store.Current);
        Assert.Equal(3, rig.Cloud.Requests.Count);
        Assert.Single(rig.Cloud.Requests.Select(Convert.ToBase64String).Distinct());
    }

    [Fact]
    public async Task A_token_that_is_refused_is_told_once_and_another_one_does()
    {
        await using var rig = new IdentityRig { Token = "wrong" };
        await rig.StartAsync();
        IdentityKeeper keeper = rig.Keeper();

        Assert.True(await IdentityRig.StepAsync(keeper) > TimeSpan.Zero);
        await IdentityRig.StepAsync(keeper);
        Assert.Equal(1, rig.Told("cannot be enrolled", "Refused"));
        Assert.Equal(2, rig.Uplink.Metrics.CertificateRequests[IssueOutcome.Refused]);

        rig.Token = rig.Cloud.Token;
        await IdentityRig.StepAsync(rig.Keeper());
        Assert.Equal(1, rig.Store.Current);
    }

    [Fact]
    public async Task Without_a_token_the_device_says_once_what_to_do()
    {
        await using var rig = new IdentityRig { Token = null };
        await rig.StartAsync();
        IdentityKeeper keeper = rig.Keeper();

        await IdentityRig.StepAsync(keeper);
        await IdentityRig.StepAsync(keeper);

        Assert.Equal(1, rig.Told("edge-agent enroll --token"));
        Assert.Empty(rig.Cloud.Requests);
    }

    [Fact]
    public async Task A_service_that_nobody_vouches_for_gets_no_token()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        using var other = new TestAuthority("Another authority");
        await File.WriteAllTextAsync(rig.Uplink.Options.AuthorityFile!, other.RootPem);

        await IdentityRig.StepAsync(rig.Keeper());

        Assert.Empty(rig.Cloud.Requests);
        Assert.Equal(1, rig.Told("Enrolment got no answer", "is not trusted here"));
    }

    [Fact]
    public async Task A_certificate_for_another_key_is_not_kept()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        using var keys = new TemporaryFolder();
        rig.Cloud.Alter = (issued, _) =>
        {
            byte[] foreign = new IdentityStore(keys.Path, new MadeKeys(keys.Path)).PrepareRequest(1);
            using X509Certificate2 other = rig.Cloud.Devices.Issue(foreign, "pump-7", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
            issued.Chain[0] = Google.Protobuf.ByteString.CopyFrom(other.RawData);
            return issued;
        };

        await IdentityRig.StepAsync(rig.Keeper());

        Assert.Equal(0, rig.Store.Current);
        Assert.Equal(1, rig.Told("is for another key"));
    }

    [Fact]
    public async Task What_is_no_certificate_is_not_kept()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        rig.Cloud.Alter = static (issued, _) =>
        {
            issued.Chain[0] = Google.Protobuf.ByteString.CopyFromUtf8("no certificate");
            return issued;
        };

        await IdentityRig.StepAsync(rig.Keeper());

        Assert.Equal(0, rig.Store.Current);
        Assert.Equal(1, rig.Uplink.Metrics.CertificateRequests[IssueOutcome.Wrong]);
    }

    [Fact]
    public async Task Nothing_is_changed_while_somebody_enrols_the_device_by_hand()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        IdentityKeeper keeper = rig.Keeper();
        using (rig.Store.TryLock())
        {
            Assert.True(await IdentityRig.StepAsync(keeper) > TimeSpan.Zero);
            Assert.Empty(rig.Cloud.Requests);
        }

        await IdentityRig.StepAsync(keeper);
        Assert.Equal(1, rig.Store.Current);
    }
}
