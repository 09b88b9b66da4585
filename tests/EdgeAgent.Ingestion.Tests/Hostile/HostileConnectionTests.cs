using System.Net.Security;
using System.Net.Sockets;
using EdgeAgent.Testing;
using Grpc.Polyfill.Tests.Http2;

namespace EdgeAgent.Ingestion.Tests.Hostile;

/// <summary>Peers that take connections and give nothing for them.</summary>
[Collection(nameof(Alone))]
public sealed class HostileConnectionTests
{
    private const int Megabyte = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_address_has_its_number_of_connections_and_others_have_theirs()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Ingest.MaximumConnectionsPerAddress = 20);
        List<Socket> held = await HoldAsync(service, 20);
        Assert.True(await IsTurnedAwayAsync(service));

        var bystander = new Bystander(service);
        await bystander.ExpectUnharmedAsync();

        held[0].Dispose();
        await Eventually.TrueAsync(
            () => IsOpen(service), Patience, "a place that was given back is taken", TimeSpan.FromMilliseconds(50));
        held.ForEach(static socket => socket.Dispose());
    }

    [Fact]
    public async Task A_thousand_handshakes_that_never_end_keep_little_memory_and_harm_nobody_else()
    {
        await using RunningService service = await RunningService.StartAsync();
        var bystander = new Bystander(service);
        var memory = new LiveMemory();
        // A record that announces a hello of 512 bytes, and not one of them.
        byte[] hello = [0x16, 0x03, 0x01, 0x02, 0x00];
        List<Socket> held = await HoldAsync(service, 1_000);
        foreach (Socket socket in held)
        {
            await socket.SendAsync(hello);
        }

        memory.ExpectGrowthBelow(64 * Megabyte);
        await bystander.ExpectUnharmedAsync();
        held.ForEach(static socket => socket.Dispose());
    }

    [Fact]
    public async Task Hundreds_of_idle_connections_with_a_devices_certificate_keep_little_memory_and_harm_nobody_else()
    {
        await using RunningService service = await RunningService.StartAsync();
        var bystander = new Bystander(service);
        SslClientAuthenticationOptions credentials = HostilePeer.Credentials(service, "plant-1");
        var idle = new List<Http2Wire>();
        var memory = new LiveMemory();
        for (int i = 0; i < 200; i++)
        {
            idle.Add(await HostilePeer.ConnectAsync(service, credentials));
        }

        // Both ends are in this process: a quarter of a megabyte a connection at most.
        memory.ExpectGrowthBelow(50 * Megabyte);
        await bystander.ExpectUnharmedAsync();
        foreach (Http2Wire wire in idle)
        {
            await wire.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_connection_over_which_no_device_calls_is_closed_and_one_that_had_a_call_may_be_idle()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Ingest.FirstCallWithin = TimeSpan.FromSeconds(3));
        await using Http2Wire called = await HostilePeer.ConnectAsync(service, "plant-1");
        await called.SendAsync(HostilePeer.Call(1), Http2Frame.Data(1, [], endsStream: true));
        Assert.Equal("3", (await called.ReadTrailersAsync(1))["grpc-status"]);

        await using Http2Wire silent = await HostilePeer.ConnectAsync(service, "plant-1");
        await silent.ReadToCloseAsync();

        await called.SendAsync(HostilePeer.Call(3), Http2Frame.Data(3, [], endsStream: true));
        Assert.Equal("3", (await called.ReadTrailersAsync(3))["grpc-status"]);
    }

    private static async Task<List<Socket>> HoldAsync(RunningService service, int connections)
    {
        var held = new List<Socket>();
        for (int i = 0; i < connections; i++)
        {
            held.Add(await HostilePeer.ConnectTcpAsync(service));
        }
        return held;
    }

    private static bool IsOpen(RunningService service)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(System.Net.IPAddress.Loopback, service.IngestPort);
        // Readable and empty: closed by the service.
        return !socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead);
    }

    /// <summary>The reset may be there before the connection was seen to be made.</summary>
    private static async Task<bool> IsTurnedAwayAsync(RunningService service)
    {
        try
        {
            using Socket one = await HostilePeer.ConnectTcpAsync(service);
            return await IsClosedAsync(one);
        }
        catch (SocketException closed) when (closed.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], SocketFlags.None).WaitAsync(Patience) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
