using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeAgent.Testing;
using EdgeAgent.Torture.Network;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The torture's network does what it is told, seen from both of its ends.</summary>
public sealed class FaultProxyTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(30);

    private readonly TcpListener _service = new(IPAddress.Loopback, 0);
    private readonly FaultProxy _proxy;

    public FaultProxyTests()
    {
        _service.Start();
        _proxy = new FaultProxy(((IPEndPoint)_service.LocalEndpoint).Port, new Random(1));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_good_line_passes_everything_and_a_half_close()
    {
        using Pair pair = await ConnectAsync();
        await pair.Near.SendAsync(new byte[100_000]);
        pair.Near.Shutdown(SocketShutdown.Send);
        Assert.Equal(100_000, await ReceiveToEndAsync(pair.Far));
        await pair.Far.SendAsync(new byte[70]);
        pair.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal(70, await ReceiveToEndAsync(pair.Near));
        Assert.Equal((1L, 100_000L, 70L), (_proxy.Attempts, _proxy.Upstream, _proxy.Downstream));
    }

    [Fact]
    public async Task A_connection_is_cut_behind_the_byte_that_was_drawn_and_both_sides_see_a_reset()
    {
        _proxy.Become(new Line { Cut = new Cut(CutPlace.Upstream, 150, 150) });
        using Pair pair = await ConnectAsync();
        await pair.Near.SendAsync(new byte[100]);
        await pair.Near.SendAsync(new byte[100]);

        byte[] buffer = new byte[1_000];
        int received = 0;
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (received < 1_000)
            {
                received += await pair.Far.ReceiveAsync(buffer).WaitAsync(Enough);
            }
        });
        Assert.Equal((150, SocketError.ConnectionReset), (received, reset.SocketErrorCode));
        await Assert.ThrowsAsync<SocketException>(async () => await pair.Near.ReceiveAsync(buffer).WaitAsync(Enough));
        Assert.Equal(1, _proxy.Cuts[nameof(CutPlace.Upstream)]);
    }

    [Fact]
    public async Task An_answer_is_cut_only_after_the_agent_has_sent_more_than_a_handshake_and_an_opening()
    {
        _proxy.Become(new Line { Cut = new Cut(CutPlace.Answer, 10, 10) });
        using Pair pair = await ConnectAsync();
        await PassAsync(pair.Near, pair.Far, 500);
        await PassAsync(pair.Far, pair.Near, 2_000);
        await PassAsync(pair.Near, pair.Far, Cut.MoreThanAHandshake);

        await pair.Far.SendAsync(new byte[50]);

        byte[] buffer = new byte[100];
        int received = await pair.Near.ReceiveAsync(buffer).WaitAsync(Enough);
        Assert.Equal(10, received);
        await Assert.ThrowsAsync<SocketException>(async () => await pair.Near.ReceiveAsync(buffer).WaitAsync(Enough));
    }

    [Fact]
    public async Task What_is_held_passes_when_the_line_is_good_again()
    {
        using Pair pair = await ConnectAsync();
        _proxy.Become(new Line { Up = Passage.Held });
        await pair.Near.SendAsync(new byte[10]);
        await PassAsync(pair.Far, pair.Near, 10);
        Assert.Equal(0, _proxy.Upstream);

        _proxy.Become(Line.Good);

        Assert.Equal(10, await pair.Far.ReceiveAsync(new byte[10]).WaitAsync(Enough));
    }

    [Fact]
    public async Task A_connection_that_lost_bytes_in_a_black_hole_never_works_again_and_new_ones_do()
    {
        using Pair pair = await ConnectAsync();
        _proxy.Become(new Line { Up = Passage.Swallowed });
        await pair.Near.SendAsync(new byte[10]);
        await Eventually.TrueAsync(() => _proxy.Swallowed == 10, Enough, "the bytes are gone");
        _proxy.Become(Line.Good);
        await pair.Near.SendAsync(new byte[10]);

        using Pair other = await ConnectAsync();
        await PassAsync(other.Near, other.Far, 10);
        Assert.Equal((10L, 0), (_proxy.Upstream, pair.Far.Available));
    }

    [Fact]
    public async Task Refused_connections_are_refused_and_then_accepted_on_the_same_port()
    {
        _proxy.Refuse();
        SocketException refused = await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        _proxy.Accept();
        using Pair pair = await ConnectAsync();
        await PassAsync(pair.Near, pair.Far, 10);
    }

    [Fact]
    public async Task A_limited_line_takes_the_time_that_its_bytes_need_and_a_delay_is_added_once()
    {
        _proxy.Become(new Line { BytesPerSecond = 20_000, Delay = TimeSpan.FromMilliseconds(200) });
        using Pair pair = await ConnectAsync();
        long started = Stopwatch.GetTimestamp();
        await PassAsync(pair.Near, pair.Far, 10_000);
        // Half a second and a fifth, less what the first pieces may save; a machine that is busy only makes it longer.
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(600));
    }

    private static async Task PassAsync(Socket from, Socket to, int bytes)
    {
        await from.SendAsync(new byte[bytes]);
        byte[] buffer = new byte[bytes];
        for (int received = 0; received < bytes;)
        {
            int read = await to.ReceiveAsync(buffer.AsMemory(received)).AsTask().WaitAsync(Enough);
            Assert.NotEqual(0, read);
            received += read;
        }
    }

    private static async Task<int> ReceiveToEndAsync(Socket socket)
    {
        byte[] buffer = new byte[10_000];
        int all = 0;
        while (await socket.ReceiveAsync(buffer).WaitAsync(Enough) is > 0 and var read)
        {
            all += read;
        }
        return all;
    }

    private async Task<Pair> ConnectAsync()
    {
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await near.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        Socket far = await _service.AcceptSocketAsync().WaitAsync(Enough);
        far.NoDelay = true;
        return new Pair(near, far);
    }

    private sealed record Pair(Socket Near, Socket Far) : IDisposable
    {
        public void Dispose()
        {
            Near.Dispose();
            Far.Dispose();
        }
    }
}
