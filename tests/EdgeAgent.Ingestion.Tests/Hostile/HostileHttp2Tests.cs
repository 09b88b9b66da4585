using Grpc.Polyfill.Tests.Http2;

namespace EdgeAgent.Ingestion.Tests.Hostile;

/// <summary>
/// Devices that wear the service out by HTTP/2's own rules, eight connections at once, with a valid certificate. Each attack ends, keeps no memory, and leaves a device
/// that uploads unharmed.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HostileHttp2Tests
{
    private const int Megabyte = 1024 * 1024;
    private const int Attackers = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly byte[] CallBlock = Hpack.Encode(HostilePeer.CallFields);

    [Fact]
    public Task Headers_that_never_end_cost_the_connection() => AttackAsync(async wire =>
    {
        await wire.SendAsync(Http2Frame.Headers(1, CallBlock, endsHeaders: false));
        await FloodToCloseAsync(wire, i => Http2Frame.Continuation(1, Hpack.Encode(($"x-{i}", new string('y', 1000)))).ToBytes(), 8 * Megabyte);
    });

    [Fact]
    public Task Headers_that_inflate_reach_no_handler() => AttackAsync(async wire =>
    {
        // One field of 4,000 bytes in the table, and 8,000 references of one byte each to it: 32 MB.
        byte[][] parts =
        [
            .. ((byte[])[.. CallBlock, .. Hpack.EncodeIndexed("x", new string('y', 4000)), .. Enumerable.Repeat((byte)(0x80 | 62), 8000)]).Chunk(16 * 1024),
        ];
        await wire.SendAsync(parts.Select((part, i) => i == 0
            ? Http2Frame.Headers(1, part, endsStream: true, endsHeaders: parts.Length == 1)
            : Http2Frame.Continuation(1, part, endsHeaders: i == parts.Length - 1)));
        Http2Frame? end = await wire.ReadUntilAsync(static frame => frame.Type is Http2FrameType.ResetStream or Http2FrameType.GoAway || (frame.Stream == 1 && frame.EndsStream));
        Assert.False(end is { Type: Http2FrameType.Headers } answer && Hpack.Decode(answer.Payload).ContainsKey("grpc-status"));
    });

    [Fact]
    public Task Rapid_resets_cost_the_connection() => AttackAsync(wire => FloodToCloseAsync(
        wire,
        static i =>
        {
            int stream = (int)((2 * i) + 1);
            return [.. Http2Frame.Headers(stream, CallBlock).ToBytes(), .. Http2Frame.Reset(stream, Http2Error.Cancel).ToBytes()];
        },
        10_000 * (CallBlock.Length + 22L)));

    [Fact]
    public Task More_sessions_than_a_device_may_have_are_refused() => AttackAsync(async wire =>
    {
        await wire.SendAsync(Enumerable.Range(0, 100).Select(static i => HostilePeer.Call((2 * i) + 1)));
        // By the connection's number of streams, or by the device's of sessions, whichever comes first.
        Http2Frame? refused = await wire.ReadUntilAsync(static frame =>
            frame is { Type: Http2FrameType.ResetStream, Error: Http2Error.RefusedStream } || (frame.Type == Http2FrameType.Headers && frame.EndsStream));
        Assert.NotNull(refused);
        Assert.True(refused.Value.Type == Http2FrameType.ResetStream || Hpack.Decode(refused.Value.Payload)["grpc-status"] == "8");
    });

    [Theory]
    [InlineData("ping")]
    [InlineData("settings")]
    public Task Floods_whose_answers_nobody_reads_are_held_back(string kind) => AttackAsync(async wire =>
    {
        byte[] frame = kind == "ping" ? Http2Frame.Ping().ToBytes() : Http2Frame.Settings([(4, 65_535)]).ToBytes();
        byte[] many = [.. Enumerable.Repeat(frame, 4096 / frame.Length).SelectMany(static bytes => bytes)];
        Assert.InRange(await wire.FloodAsync(_ => many, 128 * Megabyte, Pause), 0, 64 * Megabyte);
    });

    private static async Task AttackAsync(Func<Http2Wire, Task> attack)
    {
        await using RunningService service = await RunningService.StartAsync();
        // What is made once for the first upload, and the first attack, is no harm.
        await service.Client("bystander").SendAsync(Uploads.Open(1, spool: new byte[16]), Uploads.Numbers(1));
        var bystander = new Bystander(service);
        var memory = new LiveMemory();
        var wires = new List<Http2Wire>();
        for (int i = 0; i < Attackers; i++)
        {
            wires.Add(await HostilePeer.ConnectAsync(service, "plant-1"));
        }
        await Task.WhenAll(wires.Select(wire => Task.Run(() => attack(wire))));

        memory.ExpectGrowthBelow(Attackers * 4 * Megabyte);
        await bystander.ExpectUnharmedAsync();
        foreach (Http2Wire wire in wires)
        {
            await wire.DisposeAsync();
        }
    }

    private static async Task FloodToCloseAsync(Http2Wire wire, Func<long, byte[]> next, long most)
    {
        Task<Http2Error?> closed = wire.ReadToCloseAsync();
        await wire.FloodAsync(next, most, Pause);
        await closed;
    }
}
