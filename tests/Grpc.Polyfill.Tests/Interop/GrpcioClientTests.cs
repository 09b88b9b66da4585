using System.Text.Json;
using EdgeAgent.Testing;
using Grpc.Core;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>grpcio calls this server.</summary>
public sealed class GrpcioClientTests
{
    private const string Grpcio = "/usr/lib/python3/dist-packages/grpc/__init__.py";

    [InstalledFact(Grpcio)]
    public async Task A_grpcio_client_gets_from_this_server_what_it_gets_from_its_own()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        server.Behaviour.Say = async (message, context) =>
        {
            switch (message.Text)
            {
                case "fail":
                    throw new RpcException(
                        new Status(StatusCode.FailedPrecondition, "größer als 100 %\n"), new Metadata { { "data-bin", [0, 255] } });
                case "wait":
                    await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
                    break;
            }
            if (context.RequestHeaders.GetValue("text") is { } text)
            {
                await context.WriteResponseHeadersAsync(new Metadata { { "echo", text } });
                context.ResponseTrailers.Add(context.RequestHeaders.Get("data-bin")!);
            }
            return message;
        };
        server.Behaviour.Collect = async (messages, context) =>
        {
            await messages.MoveNext();
            await context.WriteResponseHeadersAsync(new Metadata { { "resume-at", "42" } });
            return new Summary { Messages = 1 + await messages.ReadAllAsync().CountAsync() };
        };

        JsonElement results = await RunClientAsync(server);

        Expect(results, "unary", """{"response":"0a0568656c6c6f","headers":{"echo":"a b"},"trailers":{"data-bin":"00ff"}}""");
        Expect(results, "early_headers", """{"resume":"42","open":true,"response":"080a"}""");
        Expect(results, "server_stream", """["0a05616761696e","0a05616761696e","0a05616761696e","0a05616761696e","0a05616761696e"]""");
        Expect(results, "chat", """{"answers":["0a0130","0a0131","0a0132","0a0133","0a0134"],"rest":0}""");
        Expect(results, "gzip", "true");
        Expect(results, "failure", """
            {"code":"FAILED_PRECONDITION","details":"gr\u00f6\u00dfer als 100 %\n","trailers":{"data-bin":"00ff"}}
            """);
        Expect(results, "cancel", "true");
        Assert.Equal("DEADLINE_EXCEEDED", Code(results, "deadline"));
        Assert.Equal("UNIMPLEMENTED", Code(results, "unknown_method"));
        Assert.Equal("RESOURCE_EXHAUSTED", Code(results, "too_large"));
    }

    private static async Task<JsonElement> RunClientAsync(EchoServer server)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["root.pem"], server.Authority.RootPem);
        (string certificate, string key) = TestAuthority.WritePem(server.Authority.IssueDevice("grpcio"), folder.Path, "client");
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "/usr/bin/python3",
            [EchoPeer.Script, "client", $"localhost:{server.Address.Port}", folder["root.pem"], certificate, key],
            TimeSpan.FromSeconds(60));
        Assert.True(exitCode == 0, output);
        return JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith('{'))).RootElement;
    }

    private static void Expect(JsonElement results, string name, string expected) => Assert.True(
        JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, results.GetProperty(name)),
        $"{name}: {results.GetProperty(name)} instead of {expected}");

    private static string? Code(JsonElement results, string name) => results.GetProperty(name).GetProperty("code").GetString();
}
