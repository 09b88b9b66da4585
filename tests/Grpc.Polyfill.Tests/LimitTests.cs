using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Polyfill.Tests;

public sealed class LimitTests
{
    private const int FiveMegabytes = 5_000_000;

    [Fact]
    public async Task By_default_neither_side_takes_a_message_of_more_than_four_mebibytes()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Say = (_, _) => Task.FromResult(Sized(FiveMegabytes));

        await ExpectExhaustedAsync(server.Client.SayAsync(Sized(FiveMegabytes)));
        await ExpectExhaustedAsync(server.Client.SayAsync(new Message()));
    }

    [Fact]
    public async Task Null_lifts_the_limit_on_both_sides()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.MaxReceiveMessageSize = null);
        var client = new Echo.EchoClient(server.Channel(options => options.MaxReceiveMessageSize = null));

        Assert.Equal(FiveMegabytes, (await client.SayAsync(Sized(FiveMegabytes))).Data.Length);
    }

    [Fact]
    public async Task A_client_does_not_send_more_than_it_may()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var client = new Echo.EchoClient(server.Channel(options => options.MaxSendMessageSize = 100));

        await ExpectExhaustedAsync(client.SayAsync(Sized(200)));
    }

    [Fact]
    public async Task A_message_that_is_too_large_to_send_leaves_its_stream_usable()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var client = new Echo.EchoClient(server.Channel(options => options.MaxSendMessageSize = 100));
        using AsyncClientStreamingCall<Message, Summary> call = client.Collect();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(Sized(200)));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        await call.RequestStream.WriteAsync(Sized(50));
        await call.RequestStream.CompleteAsync();

        Assert.Equal(1, (await call).Messages);
    }

    [Fact]
    public async Task A_server_does_not_send_more_than_it_may()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.MaxSendMessageSize = 100);

        await ExpectExhaustedAsync(server.Client.SayAsync(Sized(200)));
    }

    [Fact]
    public async Task A_service_has_limits_of_its_own()
    {
        await using EchoServer server = await EchoServer.StartAsync(
            options => options.MaxReceiveMessageSize = 10,
            services => services.AddGrpc().AddServiceOptions<EchoService>(own => own.MaxReceiveMessageSize = 1000));

        Assert.Equal(500, (await server.Client.SayAsync(Sized(500))).Data.Length);
        await ExpectExhaustedAsync(server.Client.SayAsync(Sized(2000)));
    }

    [Fact]
    public async Task A_stream_may_be_longer_than_the_longest_body_that_Kestrel_takes()
    {
        await using EchoServer server = await EchoServer.StartAsync(limits: limits => limits.MaxRequestBodySize = 1000);
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect();
        for (int i = 0; i < 10; i++)
        {
            await call.RequestStream.WriteAsync(Sized(1000));
        }
        await call.RequestStream.CompleteAsync();

        Assert.Equal(10, (await call).Messages);
    }

    [Fact]
    public async Task A_stream_may_be_silent_for_longer_than_Kestrel_allows_a_body_to_be()
    {
        await using EchoServer server = await EchoServer.StartAsync(
            limits: limits => limits.MinRequestBodyDataRate = new MinDataRate(1_000_000, TimeSpan.FromSeconds(1.1)));
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect();
        await call.RequestStream.WriteAsync(new Message());

        // The silence itself is under test: Kestrel looks once a second.
        await Task.Delay(TimeSpan.FromSeconds(3.5));
        await call.RequestStream.WriteAsync(new Message());
        await call.RequestStream.CompleteAsync();

        Assert.Equal(2, (await call).Messages);
    }

    private static Message Sized(int bytes) => new() { Data = ByteString.CopyFrom(new byte[bytes]) };

    private static async Task ExpectExhaustedAsync(AsyncUnaryCall<Message> call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }
}
