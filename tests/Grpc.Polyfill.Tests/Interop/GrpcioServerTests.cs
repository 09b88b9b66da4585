using EdgeAgent.Testing;
using Grpc.Core;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>This client calls a server of grpcio: what the public cases do not cover.</summary>
public sealed class GrpcioServerTests
{
    [InstalledFact(Programs.Python, Programs.Grpcio)]
    public async Task Headers_of_a_grpcio_server_arrive_while_requests_are_still_sent()
    {
        await using var peer = new EchoPeer();
        Echo.EchoClient client = await peer.StartAsync("gateway-7");

        using AsyncClientStreamingCall<Message, Summary> collect = client.Collect();
        await collect.RequestStream.WriteAsync(new Message { Text = "open" });
        Assert.Equal("42", (await collect.ResponseHeadersAsync).GetValue("resume-at"));
        Assert.False(collect.ResponseAsync.IsCompleted);
        await collect.RequestStream.WriteAsync(new Message { Text = "more" });
        await collect.RequestStream.CompleteAsync();
        Assert.Equal(2, (await collect).Messages);
    }

    [InstalledFact(Programs.Python, Programs.Grpcio)]
    public async Task A_grpcio_server_sees_the_client_certificate()
    {
        await using var peer = new EchoPeer();
        Echo.EchoClient client = await peer.StartAsync("gateway-7");

        Assert.Equal("gateway-7", (await client.SayAsync(new Message { Text = "who" })).Text);
    }

    [InstalledFact(Programs.Python, Programs.Grpcio)]
    public async Task A_grpcio_server_inflates_what_this_client_compressed_and_the_other_way_round()
    {
        await using var peer = new EchoPeer();
        Echo.EchoClient client = await peer.StartAsync("gateway-7");
        var message = new Message { Text = new string('z', 100_000) };

        Assert.Equal(message, await client.SayAsync(message, new Metadata { { "grpc-internal-encoding-request", "gzip" } }));
    }
}
