using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests;

public sealed class DeadlineTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private readonly TaskCompletionSource _serverSawIt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _handlerMayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EchoServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync();
        // A handler that knows of its cancellation and goes on all the same.
        _server.Behaviour.Say = async (message, context) =>
        {
            using CancellationTokenRegistration registration = context.CancellationToken.Register(() => _serverSawIt.TrySetResult());
            await _handlerMayEnd.Task;
            return message;
        };
    }

    public async Task DisposeAsync()
    {
        _handlerMayEnd.TrySetResult();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_client_gives_up_at_its_deadline_and_the_server_hears_of_it()
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await _server.Client.SayAsync(new Message(), deadline: DateTime.UtcNow + (5 * Short)));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await _serverSawIt.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_server_answers_at_the_deadline_even_while_its_handler_goes_on()
    {
        RawCall call = await RawCall.PostAsync(
            _server, RawCall.Say, RawCall.Frame(0, new Message().ToByteArray()), request => request.Headers.Add("grpc-timeout", "200m"));

        Assert.Equal("4", call.Status);
        Assert.True(_serverSawIt.Task.IsCompleted);
        Assert.False(_handlerMayEnd.Task.IsCompleted);
    }

    [Fact]
    public async Task A_handler_sees_the_deadline_of_its_client()
    {
        var seen = new TaskCompletionSource<DateTime>();
        _server.Behaviour.Say = (message, context) =>
        {
            seen.SetResult(context.Deadline);
            return Task.FromResult(message);
        };
        DateTime deadline = DateTime.UtcNow.AddMinutes(5);

        await _server.Client.SayAsync(new Message(), deadline: deadline);

        Assert.Equal(deadline, await seen.Task, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Without_a_deadline_the_handler_has_for_ever()
    {
        _server.Behaviour.Say = (_, context) => Task.FromResult(new Message { Text = $"{context.Deadline == DateTime.MaxValue}" });

        Assert.Equal("True", (await _server.Client.SayAsync(new Message())).Text);
        Assert.Equal("True", (await _server.Client.SayAsync(new Message(), deadline: DateTime.MaxValue)).Text);
    }

    [Theory]
    [Trait("Package", "polyfill")]
    [InlineData("0S")]
    [InlineData("1n")]
    [InlineData("1u")]
    public async Task The_shortest_deadlines_are_answered_too(string timeout)
    {
        RawCall call = await RawCall.PostAsync(
            _server, RawCall.Say, RawCall.Frame(0, []), request => request.Headers.Add("grpc-timeout", timeout));

        Assert.Equal("4", call.Status);
    }

    [Theory]
    [Trait("Package", "polyfill")]
    [InlineData("99999999H")]
    [InlineData("99999999M")]
    public async Task The_longest_deadlines_are_none(string timeout)
    {
        _server.Behaviour.Say = (_, context) =>
        {
            Assert.True(context.Deadline > DateTime.UtcNow.AddYears(100));
            return Task.FromResult(new Message());
        };
        RawCall call = await RawCall.PostAsync(
            _server, RawCall.Say, RawCall.Frame(0, []), request => request.Headers.Add("grpc-timeout", timeout));

        Assert.Equal("0", call.Status);
    }

    [Fact]
    public async Task A_client_with_the_shortest_deadline_gives_up_at_it()
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await _server.Client.SayAsync(new Message(), deadline: DateTime.UtcNow.AddMilliseconds(1)));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Fact]
    public async Task A_deadline_years_away_does_not_fire()
    {
        _server.Behaviour.Say = (message, _) => Task.FromResult(message);

        await _server.Client.SayAsync(new Message(), deadline: DateTime.UtcNow.AddYears(100));
    }

    [Fact]
    public async Task A_deadline_that_has_passed_starts_nothing()
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await _server.Client.SayAsync(new Message(), deadline: DateTime.UtcNow.AddSeconds(-1)));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.False(_serverSawIt.Task.IsCompleted);
    }

    [Fact]
    public void A_deadline_in_local_time_is_refused() => Assert.Throws<InvalidOperationException>(
        () => { _server.Client.SayAsync(new Message(), deadline: DateTime.Now.AddMinutes(1)); });

    [Fact]
    public async Task A_stream_ends_at_its_deadline_on_both_sides()
    {
        _server.Behaviour.Repeat = async (request, responses, context) =>
        {
            await responses.WriteAsync(request.Message);
            using CancellationTokenRegistration registration = context.CancellationToken.Register(() => _serverSawIt.TrySetResult());
            await _serverSawIt.Task;
        };
        using AsyncServerStreamingCall<Message> call = _server.Client.Repeat(
            new RepeatRequest { Message = new Message() }, deadline: DateTime.UtcNow + (5 * Short));
        Assert.True(await call.ResponseStream.MoveNext());

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await _serverSawIt.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
