using EdgeAgent.Testing;
using Grpc.Core;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>This client calls a server of grpcio.</summary>
public sealed class GrpcioServerTests
{
    private const string Grpcio = "/usr/lib/python3/dist-packages/grpc/__init__.py";

    [InstalledFact(Grpcio)]
    public async Task All_four_kinds_of_call_reach_a_grpcio_server()
    {
        await using var peer = new EchoPeer();
        Echo.EchoClient client = await peer.StartAsync("gateway-7");

        using AsyncUnaryCall<Message> say = client.SayAsync(
            new Message { Text = "hello" }, new Metadata { { "text", "a b" }, { "data-bin", [0, 255] } });
        Assert.Equal("hello", (await say).Text);
        Assert.Equal("a b", (await say.ResponseHeadersAsync).GetValue("echo"));
        Assert.Equal([0, 255], say.GetTrailers().GetValueBytes("data-bin"));

        using AsyncClientStreamingCall<Message, Summary> collect = client.Collect();
        await collect.RequestStream.WriteAsync(new Message { Text = "open" });
        Assert.Equal("42", (await collect.ResponseHeadersAsync).GetValue("resume-at"));
        Assert.False(collect.ResponseAsync.IsCompleted);
        await collect.RequestStream.WriteAsync(new Message { Text = "more" });
        await collect.RequestStream.CompleteAsync();
        Assert.Equal(2, (await collect).Messages);

        using AsyncServerStreamingCall<Message> repeat = client.Repeat(new RepeatRequest());
        Assert.Equal(["0", "1", "2", "3", "4"], await repeat.ResponseStream.ReadAllAsync().Select(message => message.Text).ToListAsync());

        using AsyncDuplexStreamingCall<Message, Message> chat = client.Chat();
        for (int i = 0; i < 5; i++)
        {
            await chat.RequestStream.WriteAsync(new Message { Text = $"{i}" });
            Assert.True(await chat.ResponseStream.MoveNext());
            Assert.Equal($"{i}", chat.ResponseStream.Current.Text);
        }
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());
    }

    [InstalledFact(Grpcio)]
    public async Task A_grpcio_server_sees_the_client_certificate()
    {
        await using var peer = new EchoPeer();
        Echo.EchoClient client = await peer.StartAsync("gateway-7");

        Assert.Equal("gateway-7", (await client.SayAsync(new Message { Text = "who" })).Text);
    }

    [InstalledFact(Grpcio)]
    public async Task A_failure_of_a_grpcio_server_arrives_with_message_and_trailers()
    {
        await using var peer = new EchoPeer();
        Echo.EchoClient client = await peer.StartAsync("gateway-7");

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(new Message { Text = "fail" }));

        Assert.Equal(new Status(StatusCode.FailedPrecondition, "größer als 100 %\n"), failure.Status);
        Assert.Equal("because", failure.Trailers.GetValue("why"));
        Assert.Equal([0, 255], failure.Trailers.GetValueBytes("data-bin"));
    }

    [InstalledFact(Grpcio)]
    public async Task Gzip_passes_in_both_directions()
    {
        await using var peer = new EchoPeer();
        Echo.EchoClient client = await peer.StartAsync("gateway-7");
        var message = new Message { Text = new string('z', 100_000) };

        Assert.Equal(message, await client.SayAsync(message, new Metadata { { "grpc-internal-encoding-request", "gzip" } }));
    }

    [InstalledFact(Grpcio)]
    public async Task A_deadline_passes_and_the_next_call_goes_through()
    {
        await using var peer = new EchoPeer();
        Echo.EchoClient client = await peer.StartAsync("gateway-7");

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await client.SayAsync(new Message { Text = "wait" }, deadline: DateTime.UtcNow.AddMilliseconds(300)));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Equal("hello", (await client.SayAsync(new Message { Text = "hello" })).Text);
    }
}
