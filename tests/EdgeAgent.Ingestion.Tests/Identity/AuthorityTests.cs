using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity.Authority;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using static EdgeAgent.Ingestion.Tests.Identity.EnrollingService;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>The key that signs devices: where it is, what one generation hands over to the next.</summary>
public sealed class AuthorityTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ShiftedTime _time = new();
    private readonly List<ControlDatabase> _databases = [];

    [Fact]
    public void It_is_made_once_for_all_instances_and_its_key_is_for_the_service_alone()
    {
        var made = new Authorities[4];
        Parallel.For(0, made.Length, i => made[i] = OpenAuthorities());

        byte[] root = made[0].Issuing!.Root.RawData;
        Assert.All(made, each => Assert.Equal(root, each.Issuing!.Root.RawData));
        Assert.Equal(["1"], Directory.GetFileSystemEntries(_folder["authority"]).Select(Path.GetFileName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(_folder["authority/1/ca.key"]).UnixFileMode);
        Assert.Equal(root, OpenAuthorities().Issuing!.Root.RawData);
    }

    [Fact]
    public void One_that_was_never_finished_is_made_anew_and_one_that_was_finished_but_not_noted_is_used()
    {
        Directory.CreateDirectory(_folder["authority/1.new"]);
        File.WriteAllText(_folder["authority/1.new/ca.key"], "half");
        byte[] root = OpenAuthorities().Issuing!.Root.RawData;

        // As after a power cut between the folder and the database.
        _databases.Single().Change(session => session.Execute("DELETE FROM identity_authorities"));

        Assert.Equal(root, OpenAuthorities().Issuing!.Root.RawData);
    }

    [Fact]
    public void A_passphrase_protects_the_key_and_without_it_the_service_does_not_start()
    {
        File.WriteAllText(_folder["passphrase"], "correct horse\n");
        byte[] root = OpenAuthorities(options => options.PassphraseFile = _folder["passphrase"]).Issuing!.Root.RawData;
        Assert.Contains("ENCRYPTED", File.ReadAllText(_folder["authority/1/ca.key"]), StringComparison.Ordinal);

        Assert.Equal(root, OpenAuthorities(options => options.PassphraseFile = _folder["passphrase"]).Issuing!.Root.RawData);
        Assert.Throws<InvalidDataException>(() => OpenAuthorities());
        File.WriteAllText(_folder["passphrase"], "wrong");
        Assert.Throws<InvalidDataException>(() => OpenAuthorities(options => options.PassphraseFile = _folder["passphrase"]));
    }

    [Fact]
    public void Without_its_key_the_service_does_not_make_another_authority_that_no_device_knows()
    {
        OpenAuthorities();
        File.Delete(_folder["authority/1/ca.key"]);
        Assert.Contains("Copy that folder", Assert.Throws<InvalidDataException>(() => OpenAuthorities()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_one_takes_over_from_the_other_both_count_and_after_that_only_the_new_one()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 old = await service.EnrolAsync("plant-1");

        await service.PostAsync("authority/roll", new { });
        using ECDsa key = NewKey();
        // Whoever knows only the old root still finds the service.
        IssuedCertificate issued = await service.RenewAsync(old, Request(key));
        using X509Certificate2 renewed = WithKey(issued, key), first = service.Root(), second = service.Root(2);

        Assert.Equal((IEnumerable<byte[]>)[first.RawData, second.RawData], issued.TrustedRoots.Select(root => root.ToByteArray()));
        Assert.Equal(second.Subject, renewed.Issuer);
        await service.Uploads(old).SendAsync(Open(1), Numbers(1));
        await service.Uploads(renewed).SendAsync(Open(2), Numbers(2, define: true));

        await service.PostAsync("authority/finish", new { force = false });
        Assert.False(File.Exists(Path.Combine(service.Options.Data, "authority/1/ca.key")));
        await new Protocol.V1.Ingest.IngestClient(service.Channel(renewed, second)).SendAsync(Open(3), Numbers(3, define: true));
        RpcException refused = await new Protocol.V1.Ingest.IngestClient(service.Channel(old, second)).FailAsync(Open(4));
        Assert.Contains(refused.StatusCode, (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal]);
    }

    [Fact]
    public async Task A_rollover_is_not_finished_over_the_heads_of_devices_unless_somebody_insists()
    {
        await using EnrollingService service = await StartAsync();
        await using EnrollingService other = await service.StartAnotherAsync();
        using X509Certificate2 left = await service.EnrolAsync("plant-1");
        await service.PostAsync("authority/roll", new { });

        using HttpResponseMessage refused = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(service.Http, "api/admin/authority/finish", new { force = false });
        Assert.Equal(System.Net.HttpStatusCode.Conflict, refused.StatusCode);
        using HttpResponseMessage twice = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(service.Http, "api/admin/authority/roll", new { });
        Assert.Equal(System.Net.HttpStatusCode.Conflict, twice.StatusCode);

        Assert.Single((await service.PostAsync("authority/finish", new { force = true })).GetProperty("authorities").EnumerateArray());
        await UntilAsync(
            async () => (await other.GetAsync("authority")).GetProperty("authorities").EnumerateArray().Single().GetProperty("generation").GetInt64() == 2,
            "the other instance has followed");
    }

    [Fact]
    public async Task An_intermediate_of_an_existing_authority_signs_devices_which_get_its_chain_and_root()
    {
        using ECDsa rootKey = NewKey(), intermediateKey = NewKey(), key = NewKey();
        using X509Certificate2 root = Sign("CN=company root", rootKey, null, rootKey), intermediate = Sign("CN=devices", intermediateKey, root, rootKey);
        File.WriteAllText(_folder["chain.pem"], intermediate.ExportCertificatePem() + "\n" + root.ExportCertificatePem());
        File.WriteAllText(_folder["chain.key"], intermediateKey.ExportPkcs8PrivateKeyPem());
        await using EnrollingService service = await StartAsync(
            options => (options.Identity.AuthorityFile, options.Identity.AuthorityKeyFile) = (_folder["chain.pem"], _folder["chain.key"]));

        var client = new Protocol.V1.Identity.IdentityClient(service.Channel(null, root));
        IssuedCertificate issued = await client.EnrollAsync(
            new EnrollRequest { Token = await service.TokenAsync("plant-1"), CertificateRequest = Google.Protobuf.ByteString.CopyFrom(Request(key)) });

        Assert.Equal((IEnumerable<byte[]>)[intermediate.RawData], issued.Chain.Skip(1).Select(each => each.ToByteArray()));
        Assert.Equal((IEnumerable<byte[]>)[root.RawData], issued.TrustedRoots.Select(each => each.ToByteArray()));
        // The device shows its own certificate alone; the service knows what lies between.
        await new Protocol.V1.Ingest.IngestClient(service.Channel(WithKey(issued, key), root)).SendAsync(Open(1), Numbers(1));
        Assert.False(Directory.Exists(Path.Combine(service.Options.Data, "authority")));
    }

    [Fact]
    public async Task A_device_is_not_told_to_trust_roots_that_do_not_lead_to_the_certificate_of_the_service()
    {
        using var elsewhere = new TestAuthority("of the server only");
        await using EnrollingService service = await StartAsync(
            options => (options.CertificateFile, options.KeyFile) = TestAuthority.WritePem(elsewhere.IssueServer(), _folder.Path, "server"));
        using ECDsa key = NewKey();
        var client = new Protocol.V1.Identity.IdentityClient(service.Channel(null, elsewhere.Root));
        IssuedCertificate issued = await client.EnrollAsync(
            new EnrollRequest { Token = await service.TokenAsync("plant-1"), CertificateRequest = Google.Protobuf.ByteString.CopyFrom(Request(key)) });
        Assert.Empty(issued.TrustedRoots);
    }

    [Fact]
    public void The_service_replaces_its_own_certificate_while_it_runs_and_keeps_it_until_then()
    {
        var server = new ServerIdentity(new IngestionOptions { Identity = { ServerNames = ["ingest.example", "192.0.2.7"] } }, OpenAuthorities(), _time);
        var first = server.Current;
        Assert.Same(first, server.Current);
        Assert.True(first.TargetCertificate.MatchesHostname("ingest.example") && first.TargetCertificate.MatchesHostname("192.0.2.7"));
        Assert.False(first.TargetCertificate.MatchesHostname("localhost"));

        _time.Offset = TimeSpan.FromDays(61);

        Assert.True(server.Current.TargetCertificate.NotAfter > first.TargetCertificate.NotAfter);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ControlDatabase database in _databases)
        {
            await database.DisposeAsync();
        }
        _folder.Dispose();
    }

    private Authorities OpenAuthorities(Action<IdentityOptions>? configure = null)
    {
        var options = new IngestionOptions { Data = _folder.Path };
        configure?.Invoke(options.Identity);
        var database = new SqliteControlDatabase(_folder.Path, IngestionHost.Tables, TimeProvider.System);
        lock (_databases)
        {
            _databases.Add(database);
        }
        return new Authorities(options, database, _time, NullLogger<Authorities>.Instance);
    }

    private static X509Certificate2 Sign(string subject, ECDsa key, X509Certificate2? issuer, ECDsa issuerKey)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1);
        return request.Create(
            issuer?.SubjectName ?? request.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), from, from.AddYears(1), RandomNumberGenerator.GetBytes(8));
    }
}
