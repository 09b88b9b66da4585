using System.Globalization;
using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests;

public sealed class FlowControlTests
{
    private static readonly Message Block = new() { Data = ByteString.CopyFrom(new byte[64 * 1024]) };

    private static readonly Message Kilobyte = new() { Data = ByteString.CopyFrom(new byte[1024]) };

    /// <summary>What Kestrel (768 KiB a stream), HttpClient and the sockets may hold together, with room to spare.</summary>
    private const int Bound = 4 * 1024 * 1024;

    /// <summary>16 times the bound: without flow control all of it would be accepted.</summary>
    private const int Attempts = 1024;

    [Fact]
    public async Task A_client_stops_writing_while_the_server_does_not_read()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var mayRead = new TaskCompletionSource();
        server.Behaviour.Collect = async (messages, _) =>
        {
            await mayRead.Task;
            return new Summary { Messages = await messages.ReadAllAsync().CountAsync() };
        };
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect();

        (int accepted, Task blocked) = await WriteUntilBlockedAsync(() => call.RequestStream.WriteAsync(Block));

        Assert.InRange(accepted * Block.Data.Length, 1, Bound);
        mayRead.SetResult();
        await blocked;
        await call.RequestStream.CompleteAsync();
        Assert.Equal(accepted + 1, (await call).Messages);
    }

    [Fact]
    public async Task A_server_stops_writing_while_the_client_does_not_read()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var written = new TaskCompletionSource<int>();
        server.Behaviour.Repeat = async (_, responses, _) =>
        {
            (int accepted, Task blocked) = await WriteUntilBlockedAsync(() => responses.WriteAsync(Block));
            written.SetResult(accepted);
            await blocked;
        };
        using AsyncServerStreamingCall<Message> call = server.Client.Repeat(new RepeatRequest());

        int accepted = await written.Task;

        Assert.InRange(accepted * Block.Data.Length, 1, Bound);
        Assert.Equal(accepted + 1, await call.ResponseStream.ReadAllAsync().CountAsync());
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_blocked_writer_is_released_when_the_server_ends_the_call()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var mayEnd = new TaskCompletionSource();
        server.Behaviour.Collect = async (_, _) =>
        {
            await mayEnd.Task;
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no more"));
        };
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect();
        (_, Task blocked) = await WriteUntilBlockedAsync(() => call.RequestStream.WriteAsync(Block));

        mayEnd.SetResult();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => blocked);
        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
        Assert.Equal("no more", failure.Status.Detail);
    }

    [Fact]
    public async Task One_message_is_written_at_a_time()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var mayRead = new TaskCompletionSource();
        server.Behaviour.Collect = async (messages, _) =>
        {
            await mayRead.Task;
            return new Summary { Messages = await messages.ReadAllAsync().CountAsync() };
        };
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect();
        (_, Task blocked) = await WriteUntilBlockedAsync(() => call.RequestStream.WriteAsync(Block));

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(Block));
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.CompleteAsync());
        mayRead.SetResult();
        await blocked;
    }

    [Fact]
    public async Task Messages_written_ahead_arrive_whole_in_order_and_each_once()
    {
        const int Messages = 50_000;
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Collect = async (messages, context) =>
        {
            int expected = 0;
            while (await messages.MoveNext(context.CancellationToken))
            {
                Assert.Equal(Numbered(expected++), messages.Current);
            }
            return new Summary { Messages = expected };
        };
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect(deadline: DateTime.UtcNow.AddMinutes(1));

        for (int i = 0; i < Messages; i++)
        {
            call.RequestStream.WriteOptions = new WriteOptions(i % 3 == 0 ? WriteFlags.BufferHint : 0);
            await call.RequestStream.WriteAsync(Numbered(i));
        }
        await call.RequestStream.CompleteAsync();

        Assert.Equal(Messages, (await call).Messages);
    }

    [Fact]
    public async Task A_message_reaches_a_server_that_waits_for_it_although_none_follows()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        using AsyncDuplexStreamingCall<Message, Message> call = server.Client.Chat(deadline: DateTime.UtcNow.AddMinutes(1));

        // Each time the pump is found in another state: opening, busy, flushing, idle.
        for (int i = 0; i < 500; i++)
        {
            for (int burst = 0; burst <= i % 4; burst++)
            {
                await call.RequestStream.WriteAsync(Numbered(i));
            }
            for (int burst = 0; burst <= i % 4; burst++)
            {
                Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
                Assert.Equal(Numbered(i), call.ResponseStream.Current);
            }
        }
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task Handlers_that_leave_messages_unread_do_not_use_up_the_connection()
    {
        // What is unread, 40 times 64 KiB and more, is several times the connection's credit (1 MiB).
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Collect = async (messages, _) =>
        {
            Assert.True(await messages.MoveNext(CancellationToken.None));
            return new Summary { Messages = 1 };
        };
        for (int i = 0; i < 40; i++)
        {
            using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect(deadline: DateTime.UtcNow.AddMinutes(1));
            try
            {
                for (int written = 0; written < 2 * Block.Data.Length; written += Kilobyte.Data.Length)
                {
                    await call.RequestStream.WriteAsync(Kilobyte);
                }
            }
            catch (Exception failure) when (failure is RpcException or InvalidOperationException)
            {
                // The server had its answer ready before everything was written.
            }

            Assert.Equal(1, (await call).Messages);
        }
    }

    /// <summary>Its number tells its length: mostly short, some of several KiB, a few larger than what is gathered.</summary>
    private static Message Numbered(int number) => new()
    {
        Text = number.ToString(CultureInfo.InvariantCulture),
        Data = ByteString.CopyFrom(Block.Data.Span[..(number % 1000 == 999 ? Block.Data.Length : number % 50 == 49 ? 5000 : number % 40)]),
    };

    /// <summary>
    /// Writes until a write does not end within two seconds: all writes together take milliseconds where nothing blocks. The first one
    /// also connects, and takes as long as that takes.
    /// </summary>
    private static async Task<(int Accepted, Task Blocked)> WriteUntilBlockedAsync(Func<Task> write)
    {
        await write();
        for (int accepted = 1; accepted < Attempts; accepted++)
        {
            Task next = write();
            if (await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(2))) != next)
            {
                return (accepted, next);
            }
            await next;
        }
        return (Attempts, Task.CompletedTask);
    }
}
