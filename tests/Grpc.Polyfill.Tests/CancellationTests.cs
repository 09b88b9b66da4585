using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Polyfill.Tests;

public sealed class CancellationTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _serverSawIt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EchoServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync();
        _server.Behaviour.Say = async (message, context) =>
        {
            await WaitForCancellationAsync(context);
            return message;
        };
        _server.Behaviour.Repeat = async (request, responses, context) =>
        {
            await responses.WriteAsync(request.Message);
            await WaitForCancellationAsync(context);
        };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_cancelled_token_ends_the_call_on_both_sides()
    {
        using var cancellation = new CancellationTokenSource();
        using AsyncUnaryCall<Message> call = _server.Client.SayAsync(new Message(), cancellationToken: cancellation.Token);
        await _started.Task;

        await cancellation.CancelAsync();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await _serverSawIt.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Dispose_of_an_open_stream_ends_the_call_on_both_sides()
    {
        AsyncServerStreamingCall<Message> call = _server.Client.Repeat(new RepeatRequest { Message = new Message() });
        Assert.True(await call.ResponseStream.MoveNext());

        call.Dispose();

        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await _serverSawIt.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_cancelled_read_ends_the_call_on_both_sides()
    {
        using var cancellation = new CancellationTokenSource();
        using AsyncServerStreamingCall<Message> call = _server.Client.Repeat(new RepeatRequest { Message = new Message() });
        Assert.True(await call.ResponseStream.MoveNext());
        Task<bool> read = call.ResponseStream.MoveNext(cancellation.Token);

        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read)).StatusCode);
        await _serverSawIt.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Dispose_of_the_channel_ends_its_calls()
    {
        GrpcChannel channel = _server.Channel();
        using AsyncUnaryCall<Message> call = new Echo.EchoClient(channel).SayAsync(new Message());
        await _started.Task;

        channel.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
        await _serverSawIt.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Throws<ObjectDisposedException>(() => channel.CreateCallInvoker());
    }

    [Fact]
    public async Task A_handler_that_waits_for_a_message_is_released_when_the_client_gives_up()
    {
        var outcome = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Behaviour.Collect = async (messages, context) =>
        {
            Assert.True(await messages.MoveNext());
            _started.SetResult();
            outcome.SetResult(await Record.ExceptionAsync(() => messages.MoveNext()));
            return new Summary();
        };
        AsyncClientStreamingCall<Message, Summary> call = _server.Client.Collect();
        await call.RequestStream.WriteAsync(new Message());
        await _started.Task;

        call.Dispose();

        Assert.True(await outcome.Task.WaitAsync(TimeSpan.FromSeconds(10)) is IOException or OperationCanceledException);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_starts_nothing()
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await _server.Client.SayAsync(new Message(), cancellationToken: new CancellationToken(true)));

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.False(_started.Task.IsCompleted);
    }

    [Fact]
    public async Task A_channel_can_throw_the_exception_that_tokens_usually_throw()
    {
        using var cancellation = new CancellationTokenSource();
        var client = new Echo.EchoClient(_server.Channel(options => options.ThrowOperationCanceledOnCancellation = true));
        using AsyncUnaryCall<Message> call = client.SayAsync(new Message(), cancellationToken: cancellation.Token);
        await _started.Task;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call);
    }

    private async Task WaitForCancellationAsync(ServerCallContext context)
    {
        _started.TrySetResult();
        using CancellationTokenRegistration registration = context.CancellationToken.Register(() => _serverSawIt.TrySetResult());
        await _serverSawIt.Task;
        context.CancellationToken.ThrowIfCancellationRequested();
    }
}
