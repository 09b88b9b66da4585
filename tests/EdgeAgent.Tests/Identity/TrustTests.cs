using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Identity;

/// <summary>Whom the device believes: by pins before it is enrolled, by the service's roots afterwards.</summary>
public sealed class TrustTests
{
    [Fact]
    public async Task A_service_that_nobody_vouches_for_is_known_by_the_pin_of_its_certificate()
    {
        await using IdentityRig rig = await UnknownServiceAsync();
        using X509Certificate2 server = rig.Cloud.Authority.IssueServer();

        IssueResult result = await EnrollAsync(rig, PublicKeyPin.Of(rig.Served!));

        Assert.Equal(IssueOutcome.Issued, result.Outcome);
        result = await EnrollAsync(rig, PublicKeyPin.Of(server));
        Assert.Equal(IssueOutcome.Unanswered, result.Outcome);
        Assert.Contains("is pinned", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_known_by_the_pin_of_an_authority_that_it_sends()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        await rig.Cloud.StopAsync();
        (X509Certificate2 server, X509Certificate2 issuer) = IssueThroughIntermediate();
        await rig.Cloud.StartAsync(tls => (tls.ServerCertificate, tls.ServerCertificateChain) = (server, [issuer]));
        rig.Uplink.Options.AuthorityFile = null;

        Assert.Equal(IssueOutcome.Issued, (await EnrollAsync(rig, PublicKeyPin.Of(issuer))).Outcome);
    }

    [Fact]
    public async Task Who_only_sends_a_pinned_authority_along_is_not_believed()
    {
        using var genuine = new TestAuthority("Same name");
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        await rig.Cloud.StopAsync();
        using X509Certificate2 root = genuine.Root;
        // Issued by another one of the same name: what holds the chain together but the signature.
        using var forger = new TestAuthority("Same name");
        await rig.Cloud.StartAsync(tls =>
        {
            tls.ServerCertificate = forger.IssueServer();
            tls.ServerCertificateChain = [root];
        });
        rig.Uplink.Options.AuthorityFile = null;

        IssueResult result = await EnrollAsync(rig, PublicKeyPin.Of(root));

        Assert.Equal(IssueOutcome.Unanswered, result.Outcome);
        Assert.Empty(rig.Cloud.Requests);
    }

    [Fact]
    public async Task A_pin_excuses_no_wrong_name()
    {
        await using var rig = new IdentityRig();
        await rig.StartAsync();
        await rig.Cloud.StopAsync();
        using X509Certificate2 server = rig.Cloud.Authority.IssueServer("other.example.com");
        await rig.Cloud.StartAsync(tls => tls.ServerCertificate = server);
        rig.Uplink.Options.AuthorityFile = null;

        // Its addresses are those of this machine, and the name is not.
        IssueResult result = await EnrollAsync(rig, PublicKeyPin.Of(server));

        Assert.Contains("not for localhost", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_enrolment_by_a_pin_the_services_roots_are_trusted()
    {
        await using IdentityRig rig = await UnknownServiceAsync();
        using X509Certificate2 root = rig.Cloud.Authority.Root;
        rig.Cloud.Roots.Add(root);

        await EnrollAsync(rig, PublicKeyPin.Of(rig.Served!));
        rig.Store.Promote(1);

        Assert.Equal(root.RawData, Assert.Single(rig.Store.ReadRoots()).RawData);
        await rig.UploadAsync(rig.Uplink.Connect(), 1);
    }

    [Fact]
    public async Task While_the_authority_rolls_both_roots_are_trusted_and_the_old_one_goes_when_the_service_drops_it()
    {
        await using IdentityRig rig = await UnknownServiceAsync();
        using X509Certificate2 old = rig.Cloud.Authority.Root;
        using var next = new TestAuthority("The next authority");
        using X509Certificate2 coming = next.Root;
        rig.Cloud.Roots.Add(old);
        await EnrollAsync(rig, PublicKeyPin.Of(rig.Served!));
        rig.Store.Promote(1);
        IdentityKeeper keeper = rig.Keeper();

        rig.Cloud.Roots.Add(coming);
        await RenewedAsync(rig, keeper);
        Assert.Equal(2, rig.Store.ReadRoots().Count);

        await rig.Cloud.StopAsync();
        await rig.Cloud.StartAsync(tls => tls.ServerCertificate = next.IssueServer());
        rig.Cloud.Roots.Remove(old);
        await RenewedAsync(rig, rig.Keeper());

        Assert.Equal(coming.RawData, Assert.Single(rig.Store.ReadRoots()).RawData);
        await rig.UploadAsync(rig.Uplink.Connect(), 1);
    }

    [Fact]
    public void Roots_that_do_not_vouch_for_the_service_are_taken_only_beside_those_that_are_held()
    {
        using var present = new TestAuthority();
        using var foreign = new TestAuthority("Foreign");
        using X509Certificate2 server = present.IssueServer(), good = present.Root, bad = foreign.Root;
        Google.Protobuf.ByteString[] offered = [Google.Protobuf.ByteString.CopyFrom(bad.RawData)];

        Assert.Equal(2, TrustedRoots.Choose(offered, [good], [server])!.Count);
        Assert.Null(TrustedRoots.Choose(offered, [], [server]));
        Assert.Null(TrustedRoots.Choose([], [good], [server]));
        Assert.Null(TrustedRoots.Choose([Google.Protobuf.ByteString.CopyFromUtf8("x"), .. offered], [good], [server]));
        Assert.Single(TrustedRoots.Choose([Google.Protobuf.ByteString.CopyFrom(good.RawData)], [bad], [server])!);
    }

    /// <summary>Past the time of a renewal, and until the new certificate is in force.</summary>
    private static async Task RenewedAsync(IdentityRig rig, IdentityKeeper keeper)
    {
        int before = rig.Store.Current;
        rig.Time.Advance(TimeSpan.FromDays(62));
        await IdentityRig.StepAsync(keeper);
        await IdentityRig.StepAsync(keeper);
        Assert.Equal(before + 1, rig.Store.Current);
    }

    /// <summary>A service whose authority neither the configuration nor the system knows.</summary>
    private static async Task<IdentityRig> UnknownServiceAsync()
    {
        var rig = new IdentityRig();
        await rig.StartAsync();
        await rig.Cloud.StopAsync();
        rig.Served = rig.Cloud.Authority.IssueServer();
        await rig.Cloud.StartAsync(tls => tls.ServerCertificate = rig.Served);
        rig.Uplink.Options.AuthorityFile = null;
        return rig;
    }

    private static async Task<IssueResult> EnrollAsync(IdentityRig rig, string pin)
    {
        UplinkOptions options = rig.Uplink.Options.ForEnrolment([pin]);
        using var connection = new UplinkConnection(
            options, rig.Uplink.Metrics, new CertificateTimes(rig.Uplink.Clock, TimeProvider.System), TimeProvider.System, new Random(1), rig.Uplink.Log);
        using IDisposable? held = rig.Store.TryLock();
        return await new Issuance(rig.Store, options, TimeProvider.System).EnrollAsync(connection.Client(), rig.Cloud.Token, 1, CancellationToken.None);
    }

    /// <summary>A service's certificate, and the one of the authority between it and a root that is never sent.</summary>
    private static (X509Certificate2 Server, X509Certificate2 Issuer) IssueThroughIntermediate()
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1), to = from.AddYears(1);
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = Authority("Root", rootKey).CreateSelfSigned(from, to);
        using X509Certificate2 issuer = Authority("Issuer", issuerKey).Create(root, from, to, [1]);
        using X509Certificate2 withKey = issuer.CopyWithPrivateKey(issuerKey);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 server = request.Create(withKey, from, to.AddDays(-1), [2]);
        return (server.CopyWithPrivateKey(key), X509CertificateLoader.LoadCertificate(issuer.RawData));
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
