using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Identity;

/// <summary>Asks the service for the next certificate, and keeps what it sends if it is one for this device. Whoever calls holds the store's lock.</summary>
internal sealed class Issuance(IdentityStore store, UplinkOptions options, TimeProvider time)
{
    /// <summary>A device with its certificate, the intermediates and a spare.</summary>
    private const int LongestChain = 8;

    /// <summary>By a one-time token, over a client that shows no certificate.</summary>
    public Task<IssueResult> EnrollAsync(IngestClient client, string token, int generation, CancellationToken cancellationToken) => AskAsync(
        client,
        generation,
        device: null,
        (request, calls) => new Protocol.V1.Identity.IdentityClient(client.Invoker).EnrollAsync(
            new EnrollRequest { Token = token, CertificateRequest = request, AgentVersion = AgentVersion.Value }, calls),
        cancellationToken);

    /// <summary>By the present certificate, which the client shows.</summary>
    public Task<IssueResult> RenewAsync(IngestClient client, int generation, CancellationToken cancellationToken) => AskAsync(
        client,
        generation,
        client.Credentials.Device is { } device ? DeviceName.Of(device) : null,
        (request, calls) => new Protocol.V1.Identity.IdentityClient(client.Invoker).RenewAsync(new RenewRequest { CertificateRequest = request }, calls),
        cancellationToken);

    private async Task<IssueResult> AskAsync(
        IngestClient client,
        int generation,
        string? device,
        Func<ByteString, CallOptions, AsyncUnaryCall<IssuedCertificate>> ask,
        CancellationToken cancellationToken)
    {
        ByteString request = UnsafeByteOperations.UnsafeWrap(store.PrepareRequest(generation));
        using var limit = new CancellationTokenSource(options.ConnectTimeout + options.ReceiptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        IssuedCertificate issued;
        try
        {
            using AsyncUnaryCall<IssuedCertificate> call = ask(request, new CallOptions(cancellationToken: either.Token));
            issued = await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return IssueResult.Of(failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new IssueResult(IssueOutcome.Unanswered, "The service did not answer in time.");
        }
        return Keep(generation, issued, device, client.Credentials.Service);
    }

    private IssueResult Keep(int generation, IssuedCertificate issued, string? device, X509Certificate2Collection service)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            foreach (ByteString der in issued.Chain.Take(LongestChain))
            {
                chain.Add(X509CertificateLoader.LoadCertificate(der.Span));
            }
        }
        catch (CryptographicException)
        {
            return new IssueResult(IssueOutcome.Wrong, "What the service sent is no certificate.");
        }
        if (Judge(generation, chain, device) is { } wrong)
        {
            return new IssueResult(IssueOutcome.Wrong, wrong);
        }
        if (TrustedRoots.Choose(issued.TrustedRoots, store.ReadRoots(), service) is { } roots)
        {
            store.KeepRoots(roots);
        }
        store.Keep(generation, StoredCertificate.Write(chain, issued.RenewAfterUnixSeconds));
        return IssueResult.Issued;
    }

    /// <returns>What is wrong; null where nothing is.</returns>
    private string? Judge(int generation, X509Certificate2Collection chain, string? device)
    {
        if (chain.Count == 0)
        {
            return "The service sent no certificate.";
        }
        using ECDsa key = store.Keys.Open(generation);
        if (!chain[0].PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
        {
            return "The certificate that the service sent is for another key.";
        }
        string? name = DeviceName.Of(chain[0]);
        return name is null ? "The certificate that the service sent names no device."
            : device is not null && name != device ? $"The certificate that the service sent is for {name}, and this device is {device}."
            : null;
    }
}
