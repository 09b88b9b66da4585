using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace EdgeAgent.Bench.Grpc;

/// <summary>Streams by gRPC or bare, on a connection each, as its lines of input say: <c>KIND SIZE SECONDS</c>.</summary>
internal static class SinkClient
{
    public static async Task RunAsync(int port, string rootFile)
    {
        using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(rootFile);
        var address = new Uri($"https://localhost:{port}");
        using GrpcChannel channel = GrpcChannel.ForAddress(
            address, new GrpcChannelOptions { HttpHandler = Handler(root), DisposeHttpClient = true });
        var sink = new Sink.SinkClient(channel);
        using var bare = new HttpClient(Handler(root)) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            Kind kind = Enum.Parse<Kind>(words[0]);
            int size = int.Parse(words[1], null);
            TimeSpan time = TimeSpan.FromSeconds(double.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture));
            Usage before = Processor.Now();
            long started = Stopwatch.GetTimestamp();
            (long messages, long bytes) = kind == Kind.Grpc
                ? await StreamAsync(sink, Block(size), time)
                : await BareStream.SendAsync(bare, size, kind == Kind.BareBatched, time);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Usage after = Processor.Now();
            Console.WriteLine(JsonSerializer.Serialize(
                new Sent(messages, bytes, seconds, after.Cpu - before.Cpu, after.Allocated - before.Allocated), JsonSerializerOptions.Web));
        }
    }

    private static async Task<(long Messages, long Bytes)> StreamAsync(Sink.SinkClient sink, Block block, TimeSpan time)
    {
        using AsyncClientStreamingCall<Block, Total> call = sink.Collect();
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            await call.RequestStream.WriteAsync(block);
        }
        await call.RequestStream.CompleteAsync();
        Total total = await call;
        return (total.Messages, total.Bytes);
    }

    /// <summary>A message of exactly so many bytes: a tag, a length of one to three bytes, and the data.</summary>
    private static Block Block(int size)
    {
        for (int data = size - 2; ; data--)
        {
            var block = new Block { Data = ByteString.CopyFrom(new byte[data]) };
            if (block.CalculateSize() == size)
            {
                return block;
            }
        }
    }

    private static SocketsHttpHandler Handler(X509Certificate2 root) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
