using System.Diagnostics;
using EdgeAgent.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Polyfill.Tests.Http2;

namespace Grpc.Polyfill.Tests;

/// <summary>A connection through which nothing passes any more and of which nobody is told, and pings that find it out.</summary>
public sealed class KeepAliveTests
{
    /// <summary>The shortest that client and server allow.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_call_on_a_dead_line_is_unavailable_after_delay_and_timeout_of_a_ping()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        await using var relay = new TcpRelay(server.Address.Port);
        using GrpcChannel channel = Channel(server, relay, Timeout.InfiniteTimeSpan, Second);
        var received = new TaskCompletionSource();
        server.Behaviour.Say = async (message, context) =>
        {
            received.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return message;
        };
        using AsyncUnaryCall<Message> call = new Echo.EchoClient(channel).SayAsync(new Message());
        await received.Task;
        relay.Freeze();
        long frozen = Stopwatch.GetTimestamp();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        // A second each, and the second in which the client's clock looks.
        Assert.InRange(Stopwatch.GetElapsedTime(frozen), Second, 5 * Second);
    }

    [Fact]
    public async Task Pings_pass_while_a_call_is_silent_and_it_goes_on_after_them()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        await using var relay = new TcpRelay(server.Address.Port);
        using GrpcChannel channel = Channel(server, relay, Timeout.InfiniteTimeSpan, Second);
        using AsyncDuplexStreamingCall<Message, Message> call = new Echo.EchoClient(channel).Chat();
        await call.RequestStream.WriteAsync(new Message());
        Assert.True(await call.ResponseStream.MoveNext());
        (long up, long down) = (relay.Upstream, relay.Downstream);

        // A ping is 17 bytes, and the same back; TLS adds to both.
        await Eventually.TrueAsync(
            () => relay.Upstream > up + (3 * 17) && relay.Downstream > down + (3 * 17), 20 * Second, "three pings and their answers");

        await call.RequestStream.WriteAsync(new Message { Text = "still here" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal("still here", call.ResponseStream.Current.Text);
    }

    [Fact]
    public async Task A_server_that_pings_cancels_the_handler_of_a_client_on_a_dead_line()
    {
        await using EchoServer server = await EchoServer.StartAsync(limits: limits =>
        {
            limits.Http2.KeepAlivePingDelay = Second;
            limits.Http2.KeepAlivePingTimeout = Second;
        });
        await using var relay = new TcpRelay(server.Address.Port);
        using GrpcChannel channel = Channel(server, relay, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var received = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.Collect = async (messages, context) =>
        {
            Assert.True(await messages.MoveNext());
            using CancellationTokenRegistration registration = context.CancellationToken.Register(() => cancelled.SetResult());
            received.SetResult();
            await cancelled.Task;
            return new Summary();
        };
        using AsyncClientStreamingCall<Message, Summary> call = new Echo.EchoClient(channel).Collect();
        await call.RequestStream.WriteAsync(new Message());
        await received.Task;

        relay.Freeze();

        // A second each, and up to two in which Kestrel's clock looks.
        await cancelled.Task.WaitAsync(8 * Second);
    }

    [Fact]
    public async Task A_server_that_pings_keeps_a_connection_without_a_call_for_as_long_as_the_client_answers()
    {
        TimeSpan kept = 3 * Second;
        await using EchoServer server = await EchoServer.StartAsync(limits: limits =>
        {
            limits.KeepAliveTimeout = kept;
            limits.Http2.KeepAlivePingDelay = Second;
            limits.Http2.KeepAlivePingTimeout = 20 * Second;
        });
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(server);
        Task<Http2Error?> closed = wire.ReadToCloseAsync();

        // The time itself is under test; Kestrel's clock ticks once a second.
        Assert.NotSame(closed, await Task.WhenAny(closed, Task.Delay(2 * kept)));
    }

    private static GrpcChannel Channel(EchoServer server, TcpRelay relay, TimeSpan idle, TimeSpan ping)
    {
        SocketsHttpHandler handler = server.Handler();
        handler.PooledConnectionIdleTimeout = idle;
        handler.KeepAlivePingDelay = ping;
        handler.KeepAlivePingTimeout = ping == Timeout.InfiniteTimeSpan ? 20 * Second : ping;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        return GrpcChannel.ForAddress(
            $"https://localhost:{relay.Port}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }
}
