using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>
/// Servers that break HTTP/2's rules, never answer, or answer without end. The client ends the call in time and with a status, keeps no
/// memory, and makes the next call on a new connection.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HostileServerTests
{
    private const int Megabyte = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Frames_by_hand_answer_a_call_when_they_keep_the_rules()
    {
        await using var server = new HandMadeServer(AnswerAsync);

        Assert.Equal("hello", (await server.Client.SayAsync(new Message())).Text);
    }

    [Theory]
    [Trait("Package", "polyfill")]
    [InlineData("a response of no stream")]
    [InlineData("a response of a stream that was never opened")]
    [InlineData("a frame beyond its limit")]
    [InlineData("a window of nothing")]
    [InlineData("headers that cannot be decoded")]
    [InlineData("a promise")]
    [InlineData("no http at all")]
    [InlineData("nothing, and the end")]
    public async Task Broken_rules_are_unavailable_and_the_next_call_has_a_new_connection(string rule)
    {
        await using var server = new HandMadeServer(async (wire, number) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            if (number > 0)
            {
                await HandMadeServer.AnswerAsync(wire, call, "hello");
                await wire.ReadToCloseAsync();
                return;
            }
            await wire.SendAsync(HandMadeServer.ResponseHeaders(call));
            await wire.SendAsync(rule switch
            {
                "a response of no stream" => Http2Frame.Data(0, [1]).ToBytes(),
                "a response of a stream that was never opened" => Http2Frame.Data(99, [1]).ToBytes(),
                "a frame beyond its limit" => Http2Frame.Data(call, new byte[Megabyte]).ToBytes(),
                "a window of nothing" => Http2Frame.WindowUpdate(0, 0).ToBytes(),
                "headers that cannot be decoded" => Http2Frame.Headers(call, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).ToBytes(),
                "a promise" => new Http2Frame(Http2FrameType.PushPromise, Http2Frame.EndHeadersFlag, call, [0, 0, 0, 2]).ToBytes(),
                "no http at all" => "SSH-2.0-OpenSSH_9.2\r\n and more of it\r\n"u8.ToArray(),
                _ => [],
            });
        });

        await ExpectAsync(StatusCode.Unavailable, server.Client.SayAsync(new Message(), deadline: In(10)));

        Assert.Equal("hello", (await server.Client.SayAsync(new Message(), deadline: In(10))).Text);
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(Http2Error.None, StatusCode.Internal)]
    [InlineData(Http2Error.Protocol, StatusCode.Internal)]
    [InlineData(Http2Error.Internal, StatusCode.Internal)]
    [InlineData(Http2Error.FlowControl, StatusCode.Internal)]
    [InlineData(Http2Error.RefusedStream, StatusCode.Unavailable)]
    [InlineData(Http2Error.Cancel, StatusCode.Cancelled)]
    [InlineData(Http2Error.EnhanceYourCalm, StatusCode.ResourceExhausted)]
    [InlineData(Http2Error.InadequateSecurity, StatusCode.PermissionDenied)]
    public async Task A_reset_has_the_status_that_the_specification_gives_it(Http2Error error, StatusCode expected)
    {
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            await wire.SendAsync(HandMadeServer.ResponseHeaders(call), Http2Frame.Reset(call, error));
            await wire.ReadToCloseAsync();
        });

        await ExpectAsync(expected, server.Client.SayAsync(new Message(), deadline: In(10)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_never_answers_does_not_outlast_the_deadline(bool takesTheCall)
    {
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            if (takesTheCall)
            {
                await HandMadeServer.NextCallAsync(wire);
            }
            await wire.ReadToCloseAsync();
        });
        DateTime deadline = DateTime.UtcNow.AddMilliseconds(300);

        await ExpectAsync(StatusCode.DeadlineExceeded, server.Client.SayAsync(new Message(), deadline: deadline));

        Assert.InRange(DateTime.UtcNow - deadline, TimeSpan.FromMilliseconds(-50), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_server_that_accepts_and_says_nothing_does_not_outlast_the_deadline(string scheme)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress($"{scheme}://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        DateTime deadline = DateTime.UtcNow.AddMilliseconds(300);

        await ExpectAsync(StatusCode.DeadlineExceeded, new Echo.EchoClient(channel).SayAsync(new Message(), deadline: deadline));

        Assert.InRange(DateTime.UtcNow - deadline, TimeSpan.FromMilliseconds(-50), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Endless_headers_or_trailers_end_the_call_and_keep_no_memory(bool areTrailers)
    {
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            if (areTrailers)
            {
                await wire.SendAsync(HandMadeServer.ResponseHeaders(call), HandMadeServer.Response(call, "hello"));
            }
            await wire.SendAsync(Http2Frame.Headers(
                call, Hpack.Encode(areTrailers ? ("grpc-status", "0") : (":status", "200")), endsStream: areTrailers, endsHeaders: false));
            await wire.FloodAsync(
                i => Http2Frame.Continuation(call, Hpack.Encode(($"x-{i}", new string('y', 1000)))).ToBytes(), 64 * Megabyte, Pause);
        });
        var memory = new LiveMemory();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.SayAsync(new Message(), deadline: In(20)));

        Assert.NotEqual(StatusCode.DeadlineExceeded, failure.StatusCode);
        memory.ExpectGrowthBelow(16 * Megabyte);
    }

    [Fact]
    public async Task Large_headers_end_the_call()
    {
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            byte[] block = Hpack.Encode(
                new[] { (":status", "200") }.Concat(Enumerable.Range(0, 80).Select(i => ($"x-{i}", new string('y', 1000)))));
            byte[][] parts = [.. block.Chunk(16 * 1024)];
            await wire.SendAsync(parts.Select((part, i) => i == 0
                ? Http2Frame.Headers(call, part, endsHeaders: false)
                : Http2Frame.Continuation(call, part, endsHeaders: i == parts.Length - 1)));
            await wire.ReadToCloseAsync();
        });

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.SayAsync(new Message(), deadline: In(20)));

        Assert.NotEqual(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flood_of_control_frames_keeps_no_memory(bool ofSettings)
    {
        byte[] one = (ofSettings ? Http2Frame.Settings() : Http2Frame.Ping()).ToBytes();
        byte[] many = [.. Enumerable.Repeat(one, 256).SelectMany(frame => frame)];
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            await HandMadeServer.NextCallAsync(wire);
            await wire.FloodAsync(_ => many, 8 * Megabyte, Pause);
            await wire.ReadToCloseAsync();
        });
        var memory = new LiveMemory();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.SayAsync(new Message(), deadline: In(5)));

        Assert.Contains(failure.StatusCode, (StatusCode[])[StatusCode.DeadlineExceeded, StatusCode.Unavailable]);
        memory.ExpectGrowthBelow(32 * Megabyte);
    }

    [Fact]
    public async Task Interim_responses_without_end_end_the_call_and_keep_no_memory()
    {
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            byte[] one = Http2Frame.Headers(call, Hpack.Encode((":status", "103"))).ToBytes();
            byte[] many = [.. Enumerable.Repeat(one, 100).SelectMany(frame => frame)];
            await wire.FloodAsync(_ => many, 64 * Megabyte, Pause);
        });
        var memory = new LiveMemory();

        await ExpectAsync(StatusCode.Unavailable, server.Client.SayAsync(new Message(), deadline: In(20)));

        memory.ExpectGrowthBelow(16 * Megabyte);
    }

    [Fact]
    public async Task A_server_that_takes_no_request_body_holds_the_writer_back_until_the_caller_gives_up()
    {
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            await wire.SendAsync(Http2Frame.Settings([(4, 0)]));
            await wire.ReadToCloseAsync();
        });
        using var caller = new CancellationTokenSource();
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect(cancellationToken: caller.Token);
        var block = new Message { Data = ByteString.CopyFrom(new byte[64 * 1024]) };
        int written = 0;
        Task writing = Task.Run(async () =>
        {
            for (; written < 1000; written++)
            {
                await call.RequestStream.WriteAsync(block);
            }
        });

        Assert.NotSame(writing, await Task.WhenAny(writing, Task.Delay(Pause)));
        Assert.InRange(written, 0, 16);
        await caller.CancelAsync();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => writing.WaitAsync(Http2Wire.Patience));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await ExpectAsync(StatusCode.Cancelled, call.ResponseAsync);
    }

    private static async Task AnswerAsync(Http2Wire wire, int number)
    {
        await HandMadeServer.AnswerAsync(wire, await HandMadeServer.NextCallAsync(wire), "hello");
        await wire.ReadToCloseAsync();
    }

    private static DateTime In(int seconds) => DateTime.UtcNow.AddSeconds(seconds);

    private static Task ExpectAsync(StatusCode expected, AsyncUnaryCall<Message> call) => ExpectAsync(expected, call.ResponseAsync);

    private static async Task ExpectAsync(StatusCode expected, Task response)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => response);
        Assert.True(expected == failure.StatusCode, $"{expected} was expected: {failure.Status}");
    }
}
