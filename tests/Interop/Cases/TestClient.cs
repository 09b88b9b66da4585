using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Interop.Frames;
using Grpc.Net.Client;
using Grpc.Testing;

namespace EdgeAgent.Interop.Cases;

/// <summary>Stock generated clients on a channel whose responses are observed.</summary>
internal sealed class TestClient : IDisposable
{
    /// <summary>More than any case takes on a loaded machine; a peer that never answers fails its case by it.</summary>
    private static readonly TimeSpan CaseLimit = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;

    public TestClient(Target target)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (target.Authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = CreatePolicy(target.Authorities);
        }
        // The name that is called and verified is one thing, the address that is connected to another.
        handler.ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(target.Host, target.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        Responses = new ResponseObserver(handler);
        string scheme = target.UseTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        _channel = GrpcChannel.ForAddress(
            $"{scheme}://{target.HostOverride ?? target.Host}:{target.Port}",
            new GrpcChannelOptions { HttpHandler = Responses, DisposeHttpClient = true });
        Service = new TestService.TestServiceClient(_channel);
        Unimplemented = new UnimplementedService.UnimplementedServiceClient(_channel);
    }

    public TestService.TestServiceClient Service { get; }

    public UnimplementedService.UnimplementedServiceClient Unimplemented { get; }

    public ResponseObserver Responses { get; }

    /// <summary>Runs cases and writes a line for each: <c>PASS name</c> or <c>FAIL name: why</c>.</summary>
    /// <returns>Whether all of them passed.</returns>
    public async Task<bool> RunAsync(IEnumerable<InteropCase> cases, TextWriter output)
    {
        bool passed = true;
        foreach (InteropCase each in cases)
        {
            string? failure = await RunAsync(each);
            passed &= failure is null;
            await output.WriteLineAsync(failure is null ? $"PASS {each.Name}" : $"FAIL {each.Name}: {failure}");
        }
        return passed;
    }

    public void Dispose() => _channel.Dispose();

    private async Task<string?> RunAsync(InteropCase each)
    {
        try
        {
            await each.RunAsync(this).WaitAsync(CaseLimit);
            return null;
        }
        catch (UnmetExpectationException unmet)
        {
            return OnOneLine(unmet.Message);
        }
        catch (Exception failure)
        {
            return OnOneLine($"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private static string OnOneLine(string message) => message.ReplaceLineEndings(" ");

    private static X509ChainPolicy CreatePolicy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
