using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.LocalStatus;

/// <summary>
/// Listens in one place and answers one request for each connection. Whatever happens here, the agent goes on: a place that cannot be had is told of, and tried again.
/// </summary>
/// <param name="place">Where, for the log.</param>
/// <param name="listen">Makes the socket, which listens.</param>
/// <param name="site">What is answered.</param>
/// <param name="time">A clock that only counts.</param>
/// <param name="logger">The log.</param>
internal sealed partial class LocalListener(string place, Func<Socket> listen, LocalSite site, TimeProvider time, ILogger logger)
{
    /// <summary>A browser opens six. Those beyond wait in the kernel's queue.</summary>
    public const int MostConnections = 8;

    /// <summary>Connections that the kernel keeps until there is room. A Unix socket refuses those beyond at once.</summary>
    public const int Queue = 128;

    /// <summary>How long a connection may take, from its beginning to its end. A phone at the edge of the field sends a request in less than one second; the first
    /// answer takes a loaded emulated board twenty, since the code for it is compiled then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>An address that is not there yet, or a port that somebody lets go of.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    private string? _told;

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var room = new SemaphoreSlim(MostConnections);
        try
        {
            while (true)
            {
                await ListenAsync(room, stopping).ConfigureAwait(false);
                await Task.Delay(Retry, time, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Those that are served end with the token.
        }
    }

    /// <returns>When the place could not be had, or was lost.</returns>
    private async Task ListenAsync(SemaphoreSlim room, CancellationToken stopping)
    {
        try
        {
            using Socket socket = listen();
            Log.Listening(logger, place);
            _told = null;
            while (true)
            {
                await room.WaitAsync(stopping).ConfigureAwait(false);
                Socket client;
                try
                {
                    client = await socket.AcceptAsync(stopping).ConfigureAwait(false);
                }
                catch
                {
                    room.Release();
                    throw;
                }
                _ = ServeAsync(client, room, stopping);
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Once for each thing that is wrong: it is tried each minute.
            if (_told != failure.Message)
            {
                Log.NotListening(logger, place, failure.Message);
            }
            _told = failure.Message;
        }
    }

    private async Task ServeAsync(Socket client, SemaphoreSlim room, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            using (client)
            {
                await AnswerAsync(client, over.Token).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // Whoever asked is gone, or too slow.
        }
        catch (Exception defect)
        {
            Log.Defect(logger, place, defect);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task AnswerAsync(Socket client, CancellationToken over)
    {
        byte[] buffer = new byte[RequestHead.MaximumBytes];
        int length = 0;
        RequestHead head;
        RequestReading reading;
        do
        {
            int read = await client.ReceiveAsync(buffer.AsMemory(length), over).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }
            length += read;
            reading = RequestHead.TryRead(buffer.AsSpan(0, length), out head);
        }
        while (reading == RequestReading.Incomplete && length < buffer.Length);
        LocalAnswer answer = reading switch
        {
            RequestReading.Complete => site.Answer(head),
            RequestReading.Incomplete => LocalAnswer.Refusal("431 Request Header Fields Too Large", "This request is too long."),
            _ => LocalAnswer.Refusal("400 Bad Request", "This is no request that is understood here."),
        };
        await SendAsync(client, answer.Head(), over).ConfigureAwait(false);
        await SendAsync(client, answer.Body, over).ConfigureAwait(false);
        client.Shutdown(SocketShutdown.Send);
        // Closed with bytes unread, the kernel would take the answer back. What is still sent is read, and not looked at, until the other side is done.
        while (await client.ReceiveAsync(buffer.AsMemory(), over).ConfigureAwait(false) > 0)
        {
        }
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken over)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes, over).ConfigureAwait(false)..];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The agent tells how it does at {Place}.")]
        public static partial void Listening(ILogger logger, string place);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The agent cannot tell how it does at {Place}; all else goes on, and it is tried again each minute: {Reason}")]
        public static partial void NotListening(ILogger logger, string place, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "A question at {Place} failed in the program itself; please report this.")]
        public static partial void Defect(ILogger logger, string place, Exception defect);
    }
}
