using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Record = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Torture.Config.Identity;

/// <summary>Somebody with plain gRPC, who is not the agent: with a certificate, with none, or with a token.</summary>
internal sealed class ForeignDevice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly X509Certificate2 _root;
    private readonly GrpcChannel _channel;

    public ForeignDevice(IdentityRig rig, X509Certificate2? certificate)
    {
        _root = X509CertificateLoader.LoadCertificateFromFile(rig.RootFile);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _root }, RevocationMode = X509RevocationMode.NoCheck };
        var tls = new SslClientAuthenticationOptions { CertificateChainPolicy = policy, ClientCertificates = certificate is null ? null : [certificate] };
        _channel = GrpcChannel.ForAddress(
            $"https://localhost:{rig.Cloud.Network.Port}", new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { SslOptions = tls }, DisposeHttpClient = true });
    }

    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A certificate of the service's, by a token.</summary>
    public static async Task<X509Certificate2> EnrolAsync(IdentityRig rig, string device)
    {
        using var stranger = new ForeignDevice(rig, null);
        using ECDsa key = NewKey();
        IssuedCertificate issued = await stranger.EnrolAsync(await rig.Cloud.CreateTokenAsync(device), key);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(issued.Chain[0].Span);
        using X509Certificate2 withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <param name="token">What was handed out.</param>
    /// <param name="key">For which the certificate is.</param>
    /// <param name="name">Whom the request says it is for; null: nobody.</param>
    public async Task<IssuedCertificate> EnrolAsync(string token, ECDsa key, string? name = null) => await new Protocol.V1.Identity.IdentityClient(_channel)
        .EnrollAsync(new EnrollRequest { Token = token, CertificateRequest = Request(key, name), AgentVersion = "foreign 1" }, deadline: DateTime.UtcNow + Patience);

    public async Task<IssuedCertificate> RenewAsync(ECDsa key, string? name) => await new Protocol.V1.Identity.IdentityClient(_channel)
        .RenewAsync(new RenewRequest { CertificateRequest = Request(key, name) }, deadline: DateTime.UtcNow + Patience);

    /// <summary>One session of one record.</summary>
    /// <param name="spool">What the session says that it sends from.</param>
    /// <param name="bearer">A token to show.</param>
    public async Task<UploadReceipt> UploadAsync(byte[] spool, string? bearer = null)
    {
        Metadata headers = [];
        if (bearer is not null)
        {
            headers.Add("authorization", $"Bearer {bearer}");
        }
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = new Ingest.IngestClient(_channel).Upload(headers, DateTime.UtcNow + Patience);
        try
        {
            await call.RequestStream.WriteAsync(new UploadRequest
            {
                Open = new SessionOpen { SpoolId = ByteString.CopyFrom(spool), Lane = Lane.Live, FirstSequence = 1, AgentVersion = "foreign 1" },
            });
            await call.RequestStream.WriteAsync(new UploadRequest { Record = new Record { Sequence = 1, Readings = 1, Batch = OneReading() } });
            // A watermark that nothing of the other's could pass any more, if it were the other's.
            await call.RequestStream.WriteAsync(new UploadRequest { Gap = new Gap { From = 2, To = 1_000_000_000, Readings = 1, Cause = LossCause.Evicted } });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException or IOException)
        {
            // The response says why.
        }
        return await call.ResponseAsync;
    }

    public void Dispose()
    {
        _channel.Dispose();
        _root.Dispose();
    }

    private static ReadingBatch OneReading()
    {
        var batch = new ReadingBatch { BaseTimeUnixNanoseconds = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100, Dictionary = 1 };
        batch.Definitions.Add(new SeriesDefinition { Ref = 1, Name = $"{IdentityRig.Foreign}/plain", Kind = SeriesKind.Number });
        batch.Times.Add(new TimeColumn { Count = 1, Decimals = 0, First = 0, Step = 1 });
        batch.Blocks.Add(new SeriesBlock { Series = 1, Times = 0, Doubles = new DoubleColumn { Values = { 1d } } });
        return batch;
    }

    private static ByteString Request(ECDsa key, string? name)
    {
        var request = new CertificateRequest("CN=foreign", key, HashAlgorithmName.SHA256);
        if (name is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri($"urn:edge-agent:device:{name}"));
            request.CertificateExtensions.Add(names.Build());
        }
        return ByteString.CopyFrom(request.CreateSigningRequest());
    }
}
