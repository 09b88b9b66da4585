using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace EdgeAgent.Bench.Grpc;

/// <summary>
/// The limit: the same bytes in one POST of HTTP/2 over TLS, in pieces of the size of a gRPC frame. Written one by one (what a loop over
/// the stream does), or gathered up to 64 KiB first (what is possible where nobody waits for a message).
/// </summary>
internal static class BareStream
{
    /// <summary>Flag and length in front of each gRPC message.</summary>
    private const int FrameHeader = 5;

    private const int Batch = 64 * 1024;

    /// <returns>How many pieces went out, and how many bytes the server counted, less the frame headers.</returns>
    public static async Task<(long Messages, long Bytes)> SendAsync(HttpClient client, int size, bool batched, TimeSpan time)
    {
        int piece = size + FrameHeader;
        int pieces = batched ? Math.Max(1, Batch / piece) : 1;
        using var body = new Body(new byte[piece * pieces], time);
        using var request = new HttpRequestMessage(HttpMethod.Post, SinkServer.BarePath)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        using HttpResponseMessage response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        long counted = long.Parse(await response.Content.ReadAsStringAsync(), CultureInfo.InvariantCulture);
        long messages = counted / piece;
        return (messages, messages * size);
    }

    private sealed class Body(ReadOnlyMemory<byte> bytes, TimeSpan time) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            long started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                await stream.WriteAsync(bytes);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
