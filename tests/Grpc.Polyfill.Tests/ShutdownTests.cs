using EdgeAgent.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Polyfill.Tests;

/// <summary>A server that stops while clients are connected, and clients that go on with its successor.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task A_call_in_flight_finishes_and_a_new_one_is_unavailable_while_the_server_stops()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var received = new TaskCompletionSource();
        server.Behaviour.Collect = async (messages, _) =>
        {
            Assert.True(await messages.MoveNext());
            received.SetResult();
            return new Summary { Messages = 1 + await messages.ReadAllAsync().CountAsync() };
        };
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect();
        await call.RequestStream.WriteAsync(new Message());
        await received.Task;

        Task stopped = server.StopAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await CallUntilItFailsAsync(server.Client));
        await call.RequestStream.WriteAsync(new Message());
        await call.RequestStream.CompleteAsync();

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal(2, (await call).Messages);
        await stopped;
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_call_that_outlasts_the_time_for_stopping_is_ended_on_both_sides()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var received = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.Collect = async (messages, context) =>
        {
            using CancellationTokenRegistration registration = context.CancellationToken.Register(() => cancelled.SetResult());
            Assert.True(await messages.MoveNext());
            received.SetResult();
            await cancelled.Task;
            context.CancellationToken.ThrowIfCancellationRequested();
            return new Summary();
        };
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect();
        await call.RequestStream.WriteAsync(new Message());
        await received.Task;
        using var time = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        await server.StopAsync(time.Token).WaitAsync(TimeSpan.FromSeconds(20));

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task A_channel_goes_on_with_the_server_that_takes_the_place_of_its_own()
    {
        await using EchoServer first = await EchoServer.StartAsync();
        Assert.Equal("1", (await first.Client.SayAsync(new Message { Text = "1" })).Text);
        await first.StopAsync();

        RpcException between = await Assert.ThrowsAsync<RpcException>(async () => await first.Client.SayAsync(new Message()));
        await using EchoServer second = await EchoServer.StartAsync(predecessor: first);

        Assert.Equal(StatusCode.Unavailable, between.StatusCode);
        // At once here; the real client waits a second after a refusal and fails calls meanwhile.
        await Eventually.TrueAsync(() => IsAnswered(first.Client), TimeSpan.FromSeconds(20), "a call is answered");
    }

    [Fact]
    public async Task Dispose_of_a_channel_ends_all_kinds_of_call()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Say = WaitAsync;
        server.Behaviour.Collect = async (_, context) =>
        {
            await WaitAsync(new Message(), context);
            return new Summary();
        };
        server.Behaviour.Repeat = (_, _, context) => WaitAsync(new Message(), context);
        GrpcChannel channel = server.Channel();
        var client = new Echo.EchoClient(channel);
        using AsyncUnaryCall<Message> say = client.SayAsync(new Message());
        using AsyncClientStreamingCall<Message, Summary> collect = client.Collect();
        using AsyncServerStreamingCall<Message> repeat = client.Repeat(new RepeatRequest());
        using AsyncDuplexStreamingCall<Message, Message> chat = client.Chat();
        await collect.RequestStream.WriteAsync(new Message());
        Task<bool>[] reads = [repeat.ResponseStream.MoveNext(default), chat.ResponseStream.MoveNext(default)];

        channel.Dispose();

        foreach (Task ended in (Task[])[say.ResponseAsync, collect.ResponseAsync, .. reads])
        {
            Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => ended)).StatusCode);
        }

        static async Task<Message> WaitAsync(Message message, ServerCallContext context)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return message;
        }
    }

    [Fact]
    public async Task Shutdown_leaves_calls_and_connections_to_dispose()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        GrpcChannel channel = server.Channel();

        await channel.ShutdownAsync();

        Assert.Equal("still", (await new Echo.EchoClient(channel).SayAsync(new Message { Text = "still" })).Text);
    }

    private static bool IsAnswered(Echo.EchoClient client)
    {
        try
        {
            return client.Say(new Message { Text = "2" }).Text == "2";
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    /// <summary>A server that is told to stop takes calls for a moment more; each of them is either answered or refused.</summary>
    private static async Task CallUntilItFailsAsync(Echo.EchoClient client)
    {
        while (true)
        {
            await client.SayAsync(new Message(), deadline: DateTime.UtcNow.AddSeconds(10));
        }
    }
}
