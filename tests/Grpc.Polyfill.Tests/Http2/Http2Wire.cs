namespace Grpc.Polyfill.Tests.Http2;

/// <summary>One end of an HTTP/2 connection that keeps only those rules that a test wants it to keep.</summary>
internal sealed class Http2Wire(Stream stream) : IAsyncDisposable
{
    /// <summary>How long a peer has for what it must do. Far more than it needs, far less than for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private volatile bool _isFlooding;

    public static ReadOnlyMemory<byte> Preface { get; } = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    public Stream Stream => stream;

    public Task SendAsync(params IEnumerable<Http2Frame> frames) => SendAsync(frames.SelectMany(frame => frame.ToBytes()).ToArray());

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        // TLS takes one write at a time.
        await _writing.WaitAsync();
        try
        {
            await stream.WriteAsync(bytes);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <returns>Null when the peer closed the connection, in whatever way.</returns>
    public async Task<Http2Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var header = new byte[Http2Frame.HeaderSize];
            await stream.ReadExactlyAsync(header, cancellationToken);
            var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
            await stream.ReadExactlyAsync(payload, cancellationToken);
            int id = (header[5] << 24) | (header[6] << 16) | (header[7] << 8) | header[8];
            return new Http2Frame((Http2FrameType)header[3], header[4], id, payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads, and keeps the connection going with what it has to answer, until a frame is what is waited for.</summary>
    /// <returns>That frame; null when the peer closed the connection before.</returns>
    /// <exception cref="TimeoutException">Neither came in time.</exception>
    public async Task<Http2Frame?> ReadUntilAsync(Func<Http2Frame, bool> isIt)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            while (await ReadAsync(timeout.Token) is { } frame)
            {
                if (isIt(frame))
                {
                    return frame;
                }
                await AnswerAsync(frame);
            }
            return null;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The peer neither answered nor closed the connection within {Patience}.");
        }
    }

    /// <summary>The header or trailer fields that end a stream.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadTrailersAsync(int id)
    {
        Http2Frame? end = await ReadUntilAsync(
            frame => frame.Stream == id && (frame.EndsStream || frame.Type == Http2FrameType.ResetStream));
        Assert.Equal(Http2FrameType.Headers, end?.Type);
        return Hpack.Decode(end!.Value.Payload);
    }

    /// <summary>Reads to the end of the connection.</summary>
    /// <returns>What the peer said last before it closed: its GOAWAY's error, or null where it said none.</returns>
    public async Task<Http2Error?> ReadToCloseAsync()
    {
        Http2Error? error = null;
        await ReadUntilAsync(frame =>
        {
            error = frame.Type == Http2FrameType.GoAway ? frame.Error : error;
            return false;
        });
        return error;
    }

    /// <summary>Sends again and again until the peer closes the connection or takes nothing more.</summary>
    /// <returns>How many bytes the connection took.</returns>
    public async Task<long> FloodAsync(Func<long, byte[]> next, long most, TimeSpan pause)
    {
        _isFlooding = true;
        long taken = 0;
        try
        {
            for (long i = 0; taken < most; i++)
            {
                byte[] bytes = next(i);
                await SendAsync(bytes).WaitAsync(pause);
                taken += bytes.Length;
            }
        }
        catch (Exception stopped) when (stopped is IOException or TimeoutException)
        {
            // Closed, or held back: the caller looks at which.
        }
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        _writing.Dispose();
    }

    private async Task AnswerAsync(Http2Frame frame)
    {
        if (_isFlooding)
        {
            // Nobody who floods waits for a place to answer.
            return;
        }
        try
        {
            switch (frame)
            {
                case { Type: Http2FrameType.Settings, IsAck: false }:
                    await SendAsync(new Http2Frame(Http2FrameType.Settings, Http2Frame.AckFlag, 0, []));
                    break;
                case { Type: Http2FrameType.Ping, IsAck: false }:
                    await SendAsync(frame with { Flags = Http2Frame.AckFlag });
                    break;
            }
        }
        catch (IOException)
        {
            // Closed by the peer; the next read tells.
        }
    }
}
