using System.Diagnostics;
using System.Net.Sockets;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>
/// Clients that begin something and do not go on with it. Each of Kestrel's times ends one kind of it; here they are as short as Kestrel's
/// clock, which ticks once a second, can tell.
/// </summary>
public sealed class SilentClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.1);
    private static readonly byte[] Hello = RawCall.Frame(0, new Message { Text = "hello" }.ToByteArray());

    private readonly TaskCompletionSource<CancellationToken> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EchoServer _server = null!;
    private Bystander _bystander = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync(
            limits: limits =>
            {
                limits.KeepAliveTimeout = Short;
                limits.RequestHeadersTimeout = Short;
                limits.MinRequestBodyDataRate = new MinDataRate(240, Short);
                limits.MinResponseDataRate = new MinDataRate(240, Short);
            },
            tls: tls => tls.HandshakeTimeout = Short);
        _bystander = new Bystander(_server);
    }

    public async Task DisposeAsync()
    {
        await _bystander.ExpectUnharmedAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01 })]
    public async Task A_handshake_that_is_begun_and_not_ended_is_closed(byte[] hello)
    {
        await using NetworkStream tcp = await HandMadeClient.ConnectTcpAsync(_server);
        await tcp.WriteAsync(hello);

        await ExpectClosedAsync(new Http2Wire(tcp));
    }

    [Fact]
    public async Task A_connection_without_a_preface_is_closed()
    {
        await using Http2Wire wire = await HandMadeClient.ConnectSilentlyAsync(_server);

        await ExpectClosedAsync(wire);
    }

    [Fact]
    public async Task A_connection_without_a_call_is_closed()
    {
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        await ExpectClosedAsync(wire);
    }

    [Fact]
    public async Task Pings_keep_a_connection_without_a_call_open()
    {
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);

        // Three times as long as it would be kept without them.
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < 4 * Short;)
        {
            await wire.SendAsync(Http2Frame.Ping());
            Assert.NotNull(await wire.ReadUntilAsync(frame => frame.Type == Http2FrameType.Ping));
            await Task.Delay(Short / 5);
        }
        await wire.SendAsync(HandMadeClient.Call(1), Http2Frame.Data(1, Hello, endsStream: true));

        Assert.Equal("0", (await wire.ReadTrailersAsync(1))["grpc-status"]);
    }

    [Fact]
    public async Task Half_a_frame_is_closed()
    {
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);
        await wire.SendAsync(HandMadeClient.Call(1).ToBytes().AsMemory(0, 20));

        await ExpectClosedAsync(wire);
    }

    [Fact]
    public async Task Headers_that_do_not_go_on_are_closed()
    {
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);
        await wire.SendAsync(Http2Frame.Headers(1, Hpack.Encode(HandMadeClient.CallFields(RawCall.Say)), endsHeaders: false));

        await ExpectClosedAsync(wire);
    }

    [Fact]
    public async Task A_request_that_dribbles_ends_its_call()
    {
        _server.Behaviour.Say = (message, context) =>
        {
            _started.SetResult(context.CancellationToken);
            return Task.FromResult(message);
        };
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server);
        await wire.SendAsync(HandMadeClient.Call(1), Http2Frame.Data(1, Hello[..3]));

        Http2Frame? end = await wire.ReadUntilAsync(frame => frame.Type == Http2FrameType.GoAway || frame.Stream == 1);

        Assert.True(end is null or { Type: Http2FrameType.GoAway or Http2FrameType.ResetStream or Http2FrameType.Headers });
        Assert.False(_started.Task.IsCompleted);
    }

    [Fact]
    public async Task A_handler_whose_client_never_reads_is_ended()
    {
        var large = new Message { Data = ByteString.CopyFrom(new byte[64 * 1024]) };
        int written = 0;
        _server.Behaviour.Repeat = async (_, responses, context) =>
        {
            _started.SetResult(context.CancellationToken);
            _ended.SetResult(await Record.ExceptionAsync(async () =>
            {
                for (; written < 1000; written++)
                {
                    await responses.WriteAsync(large);
                }
            }));
        };
        await using Http2Wire wire = await HandMadeClient.ConnectAsync(_server, HandMadeClient.NoWindow);
        await wire.SendAsync(
            HandMadeClient.Call(1, "/grpc_polyfill.tests.Echo/Repeat"), Http2Frame.Data(1, RawCall.Frame(0, []), endsStream: true));

        CancellationToken gone = await _started.Task.WaitAsync(Http2Wire.Patience);
        Exception? failure = await _ended.Task.WaitAsync(Http2Wire.Patience);

        Assert.IsAssignableFrom<OperationCanceledException>(failure);
        Assert.True(gone.IsCancellationRequested);
        Assert.InRange(written, 0, 2);
    }

    private static async Task ExpectClosedAsync(Http2Wire wire) => await wire.ReadToCloseAsync();
}
