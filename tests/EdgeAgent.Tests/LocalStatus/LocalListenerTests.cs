using System.Net.Sockets;
using System.Text;
using EdgeAgent.LocalStatus;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.LocalStatus;

/// <summary>Real sockets, in a temporary folder and on loopback.</summary>
public sealed class LocalListenerTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LinesLogger _log = new();
    private Task _running = Task.CompletedTask;

    private string Path => _folder["status.sock"];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Enough);
    }

    /// <summary>After the asynchronous part.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_socket_is_for_its_owner_and_its_group()
    {
        await StartAsync();
        Assert.Equal("---rw-rw----", Mode(Path));
        Assert.StartsWith("HTTP/1.1 503", await AskAsync("GET /status HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_a_killed_process_left_is_replaced()
    {
        var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(_folder["other.sock"]));
        // Renamed, so that its end does not remove it: what a kill leaves.
        File.Move(_folder["other.sock"], Path);
        left.Dispose();
        await StartAsync();
        Assert.StartsWith("HTTP/1.1 200", await AskAsync("GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_another_agent_listens_on_is_left_to_it_and_taken_once_it_is_gone()
    {
        using (Socket other = UnixSocketFile.Listen(Path))
        {
            _running = Listener().RunAsync(_stop.Token);
            await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("is the agent running twice?", StringComparison.Ordinal)), Enough, "it is told");
            Assert.True(File.Exists(Path));
        }
        File.Delete(Path);
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                return File.Exists(Path);
            },
            Enough, "it is tried again");
        Assert.StartsWith("HTTP/1.1 503", await AskAsync("GET /metrics HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_not_touched()
    {
        await File.WriteAllTextAsync(Path, "a person's");
        _running = Listener().RunAsync(_stop.Token);
        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("is a file and no socket", StringComparison.Ordinal)), Enough, "it is told");
        Assert.Equal("a person's", await File.ReadAllTextAsync(Path));
    }

    [Fact]
    public async Task What_is_too_long_or_no_request_is_refused_in_words()
    {
        await StartAsync();
        Assert.StartsWith("HTTP/1.1 400", await AskAsync("HELO\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await AskAsync($"GET /{new string('x', RequestHead.MaximumBytes)} HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 405", await AskAsync($"POST /status HTTP/1.1\r\nContent-Length: 100000\r\n\r\n{new string('x', 100_000)}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_says_nothing_is_hung_up_on_and_keeps_nobody_else_out_for_longer()
    {
        await StartAsync();
        Socket[] silent = await Task.WhenAll(Enumerable.Range(0, LocalListener.MostConnections).Select(_ => ConnectAsync()));
        Task<string> waiting = AskAsync("GET / HTTP/1.1\r\n\r\n");
        foreach (Socket one in silent)
        {
            Task<int> end = one.ReceiveAsync(new byte[1], SocketFlags.None);
            await Eventually.TrueAsync(
                () =>
                {
                    // The server may only now be taking it: its time begins then.
                    _time.Advance(LocalListener.Patience);
                    return end.IsCompleted;
                },
                Enough, "it is hung up on");
            one.Dispose();
        }
        // Those who wait are served, though their time began with the leaps above: nobody moves the clock any more.
        string answer = await waiting.WaitAsync(Enough);
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), answer);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync("GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_may_come_byte_by_byte()
    {
        await StartAsync();
        using Socket client = await ConnectAsync();
        foreach (byte one in "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray())
        {
            await client.SendAsync(new[] { one }, SocketFlags.None);
        }
        Assert.StartsWith("HTTP/1.1 200", await ReadAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_end_the_socket_is_gone()
    {
        await StartAsync();
        await _stop.CancelAsync();
        await _running.WaitAsync(Enough);
        Assert.False(File.Exists(Path));
    }

    private LocalListener Listener() => new(
        Path, () => UnixSocketFile.Listen(Path), new LocalSite(() => null, new LocalOptions(), isPort: false), _time, _log);

    private async Task StartAsync()
    {
        _running = Listener().RunAsync(_stop.Token);
        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("tells how it does", StringComparison.Ordinal)), Enough, "it listens");
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(Path));
        return client;
    }

    private async Task<string> AskAsync(string request)
    {
        using Socket client = await ConnectAsync();
        await client.SendAsync(Encoding.UTF8.GetBytes(request), SocketFlags.None);
        return await ReadAsync(client);
    }

    private static async Task<string> ReadAsync(Socket client)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[8192];
        int read;
        while ((read = await client.ReceiveAsync(buffer, SocketFlags.None).WaitAsync(Enough)) > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return text.ToString();
    }

    private static string Mode(string path)
    {
        UnixFileMode mode = File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 12).Select(bit => ((int)mode & (0x800 >> bit)) != 0 ? "---rwxrwxrwx"[bit] : '-'));
    }
}
