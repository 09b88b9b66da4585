using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>
/// Clients that break HTTP/2's rules or use them to wear the server out. Each attack ends, keeps no memory, and leaves a client on another
/// connection unharmed. Most of the protection is Kestrel's: here it is held to it, as gRPC services configure it.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HostileClientTests : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>How long a connection takes nothing before it counts as held back: what it does take, it takes in milliseconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly byte[] Hello = RawCall.Frame(0, new Message { Text = "hello" }.ToByteArray());

    private EchoServer _server = null!;
    private Bystander _bystander = null!;
    private int _handlers;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync();
        _server.Behaviour.Say = async (message, context) =>
        {
            Interlocked.Increment(ref _handlers);
            await Task.Yield();
            return message;
        };
        _bystander = new Bystander(_server);
    }

    public async Task DisposeAsync()
    {
        await _bystander.ExpectUnharmedAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Frames_by_hand_make_a_call_when_they_keep_the_rules()
    {
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        await wire.SendAsync(HandMadeClient.Call(1), Http2Frame.Data(1, Hello, endsStream: true));

        Assert.Equal("0", (await wire.ReadTrailersAsync(1))["grpc-status"]);
    }

    [Theory]
    [InlineData(4 * Megabyte + 1)]
    [InlineData(int.MaxValue)]
    public async Task An_endless_message_is_refused_by_its_length_while_its_bytes_dribble(int length)
    {
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        await wire.SendAsync(HandMadeClient.Call(1), Http2Frame.Data(1, RawCall.Frame(0, [1, 2, 3], (uint)length)));

        Assert.Equal("8", (await wire.ReadTrailersAsync(1))["grpc-status"]);
        Assert.Equal(0, _handlers);
    }

    [Fact]
    public async Task The_length_that_a_message_announces_takes_no_memory_before_its_bytes_are_there()
    {
        var memory = new LiveMemory();
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        // 200 MiB are announced.
        for (int stream = 1; stream < 100; stream += 2)
        {
            await wire.SendAsync(
                HandMadeClient.Call(stream, "/grpc_polyfill.tests.Echo/Collect"),
                Http2Frame.Data(stream, RawCall.Frame(0, new byte[1024], 4 * Megabyte)));
        }
        await wire.SendAsync(Http2Frame.Ping());
        await wire.ReadUntilAsync(frame => frame.Type == Http2FrameType.Ping);

        memory.ExpectGrowthBelow(16 * Megabyte);
    }

    [Fact]
    public async Task A_body_beyond_the_window_costs_the_connection()
    {
        var mayRead = new TaskCompletionSource();
        _server.Behaviour.Collect = async (_, context) =>
        {
            await mayRead.Task;
            return new Summary();
        };
        var memory = new LiveMemory();
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);
        await wire.SendAsync(HandMadeClient.Call(1, "/grpc_polyfill.tests.Echo/Collect"));
        byte[] block = Http2Frame.Data(1, new byte[16 * 1024]).ToBytes();
        Task<Http2Error?> closed = wire.ReadToCloseAsync();

        await wire.FloodAsync(_ => block, 64 * Megabyte, Pause);

        Assert.Contains(await closed, Said(Http2Error.FlowControl));
        memory.ExpectGrowthBelow(16 * Megabyte);
        mayRead.SetResult();
    }

    [Fact]
    public async Task Many_headers_cost_the_call_or_the_connection_and_reach_no_handler() => await ExpectHeadersRefusedAsync(
        Hpack.Encode(HandMadeClient.CallFields(RawCall.Say).Concat(Enumerable.Range(0, 200).Select(i => ($"x-{i}", "y")))));

    [Fact]
    public async Task Large_headers_cost_the_call_or_the_connection_and_reach_no_handler() => await ExpectHeadersRefusedAsync(
        Hpack.Encode(HandMadeClient.CallFields(RawCall.Say)
            .Concat(Enumerable.Range(0, 12).Select(i => ($"x-{i}", new string('y', 4000))))));

    [Fact]
    public async Task Headers_that_inflate_cost_the_call_or_the_connection_and_reach_no_handler() => await ExpectHeadersRefusedAsync(
        // One field of 4,000 bytes in the table, and 8,000 references of one byte each to it: 32 MB.
        [
            .. Hpack.Encode(HandMadeClient.CallFields(RawCall.Say)),
            .. Hpack.EncodeIndexed("x", new string('y', 4000)),
            .. Enumerable.Repeat((byte)(0x80 | 62), 8000),
        ]);

    [Fact]
    public async Task Headers_that_never_end_cost_the_connection()
    {
        var memory = new LiveMemory();
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);
        await wire.SendAsync(
            Http2Frame.Headers(1, Hpack.Encode(HandMadeClient.CallFields(RawCall.Say)), endsHeaders: false));
        Task<Http2Error?> closed = wire.ReadToCloseAsync();

        long taken = await wire.FloodAsync(
            i => Http2Frame.Continuation(1, Hpack.Encode(($"x-{i}", new string('y', 1000)))).ToBytes(), 64 * Megabyte, Pause);

        await closed;
        Assert.InRange(taken, 0, 8 * Megabyte);
        memory.ExpectGrowthBelow(16 * Megabyte);
        Assert.Equal(0, _handlers);
    }

    [Fact]
    public async Task Rapid_resets_cost_the_connection_long_before_ten_thousand_handlers()
    {
        var memory = new LiveMemory();
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);
        Task<Http2Error?> closed = wire.ReadToCloseAsync();
        byte[] call = Hpack.Encode(HandMadeClient.CallFields(RawCall.Say));

        await wire.FloodAsync(
            i =>
            {
                int stream = (int)((2 * i) + 1);
                return [.. Http2Frame.Headers(stream, call).ToBytes(), .. Http2Frame.Reset(stream, Http2Error.Cancel).ToBytes()];
            },
            10_000 * (call.Length + 22L),
            Pause);

        Assert.Contains(await closed, Said(Http2Error.EnhanceYourCalm));
        Assert.InRange(_handlers, 0, 1000);
        memory.ExpectGrowthBelow(16 * Megabyte);
    }

    [Fact]
    public async Task More_calls_at_once_than_are_allowed_are_refused_and_can_be_repeated()
    {
        var mayEnd = new TaskCompletionSource();
        _server.Behaviour.Collect = async (_, _) =>
        {
            await mayEnd.Task;
            return new Summary();
        };
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        await wire.SendAsync(Enumerable.Range(0, 101).Select(i => HandMadeClient.Call((2 * i) + 1, "/grpc_polyfill.tests.Echo/Collect")));
        Http2Frame? refused = await wire.ReadUntilAsync(frame => frame.Type == Http2FrameType.ResetStream);

        Assert.Equal(Http2Error.RefusedStream, refused?.Error);
        Assert.Equal(201, refused?.Stream);
        mayEnd.SetResult();
    }

    [Fact]
    public async Task A_flood_of_pings_is_held_back_by_answers_that_nobody_reads() =>
        await ExpectHeldBackAsync(Http2Frame.Ping().ToBytes());

    [Fact]
    public async Task A_flood_of_settings_is_held_back_by_answers_that_nobody_reads() =>
        await ExpectHeldBackAsync(Http2Frame.Settings([(4, 65_535)]).ToBytes());

    [Fact]
    public async Task A_flood_of_empty_frames_keeps_no_memory()
    {
        var mayEnd = new TaskCompletionSource();
        _server.Behaviour.Collect = async (messages, _) =>
        {
            await mayEnd.Task;
            return new Summary { Messages = await messages.ReadAllAsync().CountAsync() };
        };
        var memory = new LiveMemory();
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);
        await wire.SendAsync(HandMadeClient.Call(1, "/grpc_polyfill.tests.Echo/Collect"));
        byte[] empty = [.. Enumerable.Repeat(Http2Frame.Data(1, []).ToBytes(), 1000).SelectMany(frame => frame)];

        await wire.FloodAsync(_ => empty, Megabyte, Pause);
        memory.ExpectGrowthBelow(8 * Megabyte);
        mayEnd.SetResult();
        await wire.SendAsync(Http2Frame.Data(1, Hello, endsStream: true));

        Assert.Equal("0", (await wire.ReadTrailersAsync(1))["grpc-status"]);
    }

    [Theory]
    [InlineData("a body of no stream", Http2Error.Protocol)]
    [InlineData("a stream of the server's numbers", Http2Error.Protocol)]
    [InlineData("a window of nothing", Http2Error.Protocol)]
    [InlineData("a window beyond its limit", Http2Error.FlowControl)]
    [InlineData("a frame beyond its limit", Http2Error.FrameSize)]
    [InlineData("a ping of the wrong size", Http2Error.FrameSize)]
    [InlineData("settings with half a value", Http2Error.FrameSize)]
    [InlineData("headers that cannot be decoded", Http2Error.Compression)]
    [InlineData("a promise by a client", Http2Error.Protocol)]
    [InlineData("headers interrupted", Http2Error.Protocol)]
    public async Task Broken_rules_cost_the_connection_that_breaks_them_and_are_named(string rule, Http2Error expected)
    {
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        await wire.SendAsync(rule switch
        {
            "a body of no stream" => [Http2Frame.Data(0, Hello)],
            "a stream of the server's numbers" => [HandMadeClient.Call(2)],
            "a window of nothing" => [Http2Frame.WindowUpdate(0, 0)],
            "a window beyond its limit" => [Http2Frame.WindowUpdate(0, int.MaxValue)],
            "a frame beyond its limit" => [HandMadeClient.Call(1), Http2Frame.Data(1, new byte[(16 * 1024) + 1])],
            "a ping of the wrong size" => [new Http2Frame(Http2FrameType.Ping, 0, 0, new byte[7])],
            "settings with half a value" => [new Http2Frame(Http2FrameType.Settings, 0, 0, new byte[3])],
            "headers that cannot be decoded" => [Http2Frame.Headers(1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])],
            "a promise by a client" => [new Http2Frame(Http2FrameType.PushPromise, Http2Frame.EndHeadersFlag, 1, new byte[4])],
            _ => (Http2Frame[])
            [
                Http2Frame.Headers(1, Hpack.Encode(HandMadeClient.CallFields(RawCall.Say)), endsHeaders: false), Http2Frame.Ping(),
            ],
        });

        Assert.Equal(expected, await wire.ReadToCloseAsync());
        Assert.Equal(0, _handlers);
    }

    [Fact]
    public async Task Frames_of_unknown_types_are_passed_over()
    {
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        await wire.SendAsync(
            new Http2Frame((Http2FrameType)0xEE, 0xFF, 0, [1, 2, 3]), HandMadeClient.Call(1), Http2Frame.Data(1, Hello, endsStream: true));

        Assert.Equal("0", (await wire.ReadTrailersAsync(1))["grpc-status"]);
    }

    [Fact]
    public async Task What_is_no_http_2_is_closed()
    {
        await using Http2Wire wire = await HandMadeClient.ConnectSilentlyAsync(_server);

        await wire.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());

        Assert.Equal(Http2Error.Protocol, await wire.ReadToCloseAsync());
    }

    /// <summary>A server that closes while more is coming resets TCP, and its last words may be lost.</summary>
    private static Http2Error?[] Said(Http2Error error) => [error, null];

    private async Task ExpectHeadersRefusedAsync(byte[] block)
    {
        var memory = new LiveMemory();
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);
        byte[][] parts = [.. block.Chunk(16 * 1024)];

        await wire.SendAsync(parts.Select((part, i) => i == 0
            ? Http2Frame.Headers(1, part, endsStream: true, endsHeaders: parts.Length == 1)
            : Http2Frame.Continuation(1, part, endsHeaders: i == parts.Length - 1)));
        Http2Frame? end = await wire.ReadUntilAsync(frame => frame.Type is Http2FrameType.ResetStream or Http2FrameType.GoAway
            || (frame.Stream == 1 && frame.EndsStream));

        if (end is { Type: Http2FrameType.Headers } answer)
        {
            Assert.False(Hpack.Decode(answer.Payload).ContainsKey("grpc-status"));
        }
        Assert.Equal(0, _handlers);
        memory.ExpectGrowthBelow(16 * Megabyte);
    }

    private async Task ExpectHeldBackAsync(byte[] frame)
    {
        byte[] many = [.. Enumerable.Repeat(frame, 4096 / frame.Length).SelectMany(bytes => bytes)];
        var memory = new LiveMemory();
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        long taken = await wire.FloodAsync(_ => many, 128 * Megabyte, Pause);

        // The sockets' buffers in both directions, and no more of the server's.
        Assert.InRange(taken, 0, 64 * Megabyte);
        memory.ExpectGrowthBelow(16 * Megabyte);
    }
}
