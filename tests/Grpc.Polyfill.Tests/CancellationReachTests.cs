using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests;

/// <summary>Who gives a call up is heard on the other side within a second, whatever either of them is doing.</summary>
[Collection(nameof(Http2.Alone))]
public sealed class CancellationReachTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly Message Block = new() { Data = ByteString.CopyFrom(new byte[64 * 1024]) };

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _serverHeard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _serverGivesUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EchoServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync();
        _server.Behaviour.Say = async (message, context) =>
        {
            await StandAsync(context);
            return message;
        };
        _server.Behaviour.Collect = async (_, context) =>
        {
            await StandAsync(context);
            return new Summary();
        };
        _server.Behaviour.Repeat = (_, _, context) => StandAsync(context);
        _server.Behaviour.Chat = (_, _, context) => StandAsync(context);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task A_server_hears_of_a_client_that_gives_up(MethodType type)
    {
        using var caller = new CancellationTokenSource();
        Task call = Call(type, caller.Token);
        await _started.Task;
        long start = Stopwatch.GetTimestamp();

        await caller.CancelAsync();

        await _serverHeard.Task.WaitAsync(10 * Second);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Second);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task A_client_hears_of_a_server_that_gives_up(MethodType type)
    {
        Task call = Call(type, default);
        await _started.Task;
        long start = Stopwatch.GetTimestamp();

        _serverGivesUp.SetException(new RpcException(new Status(StatusCode.Aborted, "")));

        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(10 * Second))).StatusCode);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Second);
    }

    [Theory]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task A_client_whose_write_is_held_back_can_give_up_and_the_server_hears_of_it(MethodType type)
    {
        using var caller = new CancellationTokenSource();
        using IDisposable call = type == MethodType.ClientStreaming
            ? _server.Client.Collect(cancellationToken: caller.Token)
            : _server.Client.Chat(cancellationToken: caller.Token);
        IClientStreamWriter<Message> requests = call is AsyncClientStreamingCall<Message, Summary> collect
            ? collect.RequestStream
            : ((AsyncDuplexStreamingCall<Message, Message>)call).RequestStream;
        Task held = await WriteUntilHeldAsync(() => requests.WriteAsync(Block));
        long start = Stopwatch.GetTimestamp();

        await caller.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => held.WaitAsync(10 * Second))).StatusCode);
        await _serverHeard.Task.WaitAsync(10 * Second);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Second);
    }

    [Theory]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task A_server_whose_write_is_held_back_hears_of_a_client_that_gives_up(MethodType type)
    {
        var held = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Behaviour.Repeat = (_, responses, _) => HoldAsync(responses);
        _server.Behaviour.Chat = (_, responses, _) => HoldAsync(responses);
        using IDisposable call = type == MethodType.ServerStreaming ? _server.Client.Repeat(new RepeatRequest()) : _server.Client.Chat();
        Task write = await held.Task;
        long start = Stopwatch.GetTimestamp();

        call.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.WaitAsync(10 * Second));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Second);

        async Task HoldAsync(IServerStreamWriter<Message> responses)
        {
            Task write = await WriteUntilHeldAsync(() => responses.WriteAsync(Block));
            held.SetResult(write);
            await write;
        }
    }

    private static async Task<Task> WriteUntilHeldAsync(Func<Task> write)
    {
        while (true)
        {
            Task next = write();
            if (await Task.WhenAny(next, Task.Delay(Second)) != next)
            {
                return next;
            }
            await next;
        }
    }

    private Task Call(MethodType type, CancellationToken cancellationToken) => type switch
    {
        MethodType.Unary => _server.Client.SayAsync(new Message(), cancellationToken: cancellationToken).ResponseAsync,
        MethodType.ClientStreaming => _server.Client.Collect(cancellationToken: cancellationToken).ResponseAsync,
        MethodType.ServerStreaming =>
            _server.Client.Repeat(new RepeatRequest(), cancellationToken: cancellationToken).ResponseStream.MoveNext(default),
        _ => _server.Client.Chat(cancellationToken: cancellationToken).ResponseStream.MoveNext(default),
    };

    private async Task StandAsync(ServerCallContext context)
    {
        using CancellationTokenRegistration registration = context.CancellationToken.Register(() => _serverHeard.TrySetResult());
        _started.SetResult();
        await await Task.WhenAny(_serverHeard.Task, _serverGivesUp.Task);
        context.CancellationToken.ThrowIfCancellationRequested();
    }
}
