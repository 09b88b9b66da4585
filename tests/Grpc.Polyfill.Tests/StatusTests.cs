using System.Net.Security;
using EdgeAgent.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Polyfill.Tests;

public sealed class StatusTests : IAsyncLifetime
{
    private EchoServer _server = null!;

    public static TheoryData<int> Failures => [.. Enumerable.Range(1, 16)];

    public async Task InitializeAsync() => _server = await EchoServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_handler_that_throws_a_status_sends_it_with_its_trailers()
    {
        _server.Behaviour.Say = (_, context) =>
        {
            context.ResponseTrailers.Add("from", "context");
            throw new RpcException(new Status(StatusCode.NotFound, "no such device"), new Metadata { { "retry-after-bin", [1, 2] } });
        };
        using AsyncUnaryCall<Message> call = _server.Client.SayAsync(new Message());

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(new Status(StatusCode.NotFound, "no such device"), failure.Status);
        Assert.Equal("context", failure.Trailers.GetValue("from"));
        Assert.Equal([1, 2], failure.Trailers.GetValueBytes("retry-after-bin"));
        Assert.Equal(StatusCode.NotFound, call.GetStatus().StatusCode);
        Assert.Equal("context", call.GetTrailers().GetValue("from"));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Every_failure_passes_by_its_number(int code)
    {
        _server.Behaviour.Say = (_, _) => throw new RpcException(new Status((StatusCode)code, ""));

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await _server.Client.SayAsync(new Message()));
        RawCall raw = await RawCall.PostAsync(_server, RawCall.Say, RawCall.Frame(0, []));

        Assert.Equal(code, (int)failure.StatusCode);
        Assert.Equal($"{code}", raw.Status);
    }

    [Fact]
    public void The_codes_are_those_of_the_specification() => Assert.Equal(
        "OK=0 Cancelled=1 Unknown=2 InvalidArgument=3 DeadlineExceeded=4 NotFound=5 AlreadyExists=6 PermissionDenied=7 "
        + "ResourceExhausted=8 FailedPrecondition=9 Aborted=10 OutOfRange=11 Unimplemented=12 Internal=13 Unavailable=14 DataLoss=15 "
        + "Unauthenticated=16",
        string.Join(' ', Enum.GetValues<StatusCode>().Select(code => $"{code}={(int)code}")));

    [Fact]
    public async Task A_handler_can_set_the_status_instead_of_throwing()
    {
        _server.Behaviour.Say = (message, context) =>
        {
            context.Status = new Status(StatusCode.FailedPrecondition, "not yet");
            return Task.FromResult(message);
        };

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await _server.Client.SayAsync(new Message()));

        Assert.Equal(new Status(StatusCode.FailedPrecondition, "not yet"), failure.Status);
    }

    [Fact]
    public async Task An_exception_of_a_handler_tells_the_client_nothing_of_itself()
    {
        _server.Behaviour.Say = (_, _) => throw new InvalidOperationException("the password is secret");

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await _server.Client.SayAsync(new Message()));

        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.DoesNotContain("secret", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_is_told_where_details_are_enabled()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.EnableDetailedErrors = true);
        server.Behaviour.Say = (_, _) => throw new InvalidOperationException("the disk is full");

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client.SayAsync(new Message()));

        Assert.Contains("the disk is full", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_after_responses_comes_after_them()
    {
        _server.Behaviour.Repeat = async (request, responses, _) =>
        {
            await responses.WriteAsync(request.Message);
            throw new RpcException(new Status(StatusCode.DataLoss, "gone"));
        };
        using AsyncServerStreamingCall<Message> call = _server.Client.Repeat(new RepeatRequest { Message = new Message { Text = "1" } });

        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.DataLoss, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
    }

    [Fact]
    public async Task A_write_after_the_server_ended_the_call_fails_with_the_status_of_the_call()
    {
        _server.Behaviour.Collect = (_, _) => throw new RpcException(new Status(StatusCode.Aborted, "start again"));
        using AsyncClientStreamingCall<Message, Summary> call = _server.Client.Collect();
        await Assert.ThrowsAsync<RpcException>(async () => await call);

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new Message()));

        Assert.Equal(new Status(StatusCode.Aborted, "start again"), failure.Status);
    }

    [Fact]
    public async Task A_server_may_answer_before_the_stream_of_requests_ends()
    {
        _server.Behaviour.Collect = (_, _) => Task.FromResult(new Summary { Messages = -1 });
        using AsyncClientStreamingCall<Message, Summary> call = _server.Client.Collect();

        Assert.Equal(-1, (await call).Messages);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Loopback.FreePort()}");

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await new Echo.EchoClient(channel).SayAsync(new Message()));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.NotNull(failure.Status.DebugException);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_server_that_is_not_trusted_is_unavailable_to_all_kinds_of_call()
    {
        SocketsHttpHandler handler = _server.Handler();
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => false };
        var client = new Echo.EchoClient(_server.Channel(options => options.HttpHandler = handler));
        using AsyncClientStreamingCall<Message, Summary> collect = client.Collect();
        using AsyncServerStreamingCall<Message> repeat = client.Repeat(new RepeatRequest());

        await ExpectAsync(async () => await client.SayAsync(new Message()));
        await ExpectAsync(async () => await collect);
        await ExpectAsync(() => collect.ResponseHeadersAsync);
        await ExpectAsync(() => collect.RequestStream.WriteAsync(new Message()));
        await ExpectAsync(() => repeat.ResponseStream.MoveNext());

        static async Task ExpectAsync(Func<Task> use) =>
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(use)).StatusCode);
    }

    [Fact]
    public async Task The_status_of_a_call_that_goes_on_is_not_known()
    {
        using AsyncClientStreamingCall<Message, Summary> call = _server.Client.Collect();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
        await call.RequestStream.CompleteAsync();
        await call;
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task No_message_is_written_after_the_stream_is_complete()
    {
        using AsyncClientStreamingCall<Message, Summary> call = _server.Client.Collect();
        await call.RequestStream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new Message()));
    }
}
