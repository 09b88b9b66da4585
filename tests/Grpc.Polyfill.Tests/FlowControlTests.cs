using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests;

public sealed class FlowControlTests
{
    private static readonly Message Block = new() { Data = ByteString.CopyFrom(new byte[64 * 1024]) };

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
