using System.Text.Json;
using EdgeAgent.Testing;
using Grpc.Core;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>grpcio calls this server: what the public cases do not cover.</summary>
public sealed class GrpcioClientTests
{
    [InstalledFact(Programs.Python, Programs.Grpcio)]
    public async Task A_grpcio_client_gets_headers_while_it_still_sends_and_is_refused_too_large_a_message()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Collect = async (messages, context) =>
        {
            await messages.MoveNext();
            await context.WriteResponseHeadersAsync(new Metadata { { "resume-at", "42" } });
            return new Summary { Messages = 1 + await messages.ReadAllAsync().CountAsync() };
        };

        JsonElement results = await RunClientAsync(server);

        Assert.True(
            JsonElement.DeepEquals(
                JsonDocument.Parse("""{"resume":"42","open":true,"response":"080a"}""").RootElement, results.GetProperty("early_headers")),
            results.ToString());
        Assert.Equal("RESOURCE_EXHAUSTED", results.GetProperty("too_large").GetString());
    }

    private static async Task<JsonElement> RunClientAsync(EchoServer server)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["root.pem"], server.Authority.RootPem);
        (string certificate, string key) = TestAuthority.WritePem(server.Authority.IssueDevice("grpcio"), folder.Path, "client");
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            Programs.Python,
            [EchoPeer.Script, "client", $"localhost:{server.Address.Port}", folder["root.pem"], certificate, key],
            TimeSpan.FromSeconds(60));
        Assert.True(exitCode == 0, output);
        return JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith('{'))).RootElement;
    }
}
