using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests;

public sealed class CompressionTests
{
    private static readonly Message Compressible = new() { Data = ByteString.CopyFrom(new byte[10_000]) };

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_client_that_asks_for_it_sends_compressed(string encoding)
    {
        await using EchoServer server = await EchoServer.StartAsync();
        string? announced = null;
        server.Behaviour.Say = (message, context) =>
        {
            announced = context.GetHttpContext().Request.Headers["grpc-encoding"];
            return Task.FromResult(message);
        };

        Message response = await server.Client.SayAsync(Compressible, new Metadata { { "grpc-internal-encoding-request", encoding } });

        Assert.Equal(encoding, announced);
        Assert.Equal(Compressible, response);
    }

    [Fact]
    public async Task A_server_compresses_for_clients_that_accept_it()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        byte[] request = RawCall.Frame(0, Compressible.ToByteArray());

        Assert.Equal(Compressible, await server.Client.SayAsync(Compressible));
        RawCall accepting = await RawCall.PostAsync(
            server, RawCall.Say, request, http => http.Headers.Add("grpc-accept-encoding", "identity, gzip"));
        RawCall plain = await RawCall.PostAsync(server, RawCall.Say, request);

        Assert.Equal(1, accepting.Body[0]);
        Assert.InRange(accepting.Body.Length, 10, 1000);
        Assert.Equal("gzip", accepting.Response.Headers.GetValues("grpc-encoding").Single());
        Assert.Equal(request, plain.Body);
        Assert.False(plain.Response.Headers.Contains("grpc-encoding"));
    }

    [Fact]
    public async Task A_handler_can_leave_a_message_uncompressed()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        server.Behaviour.Say = (message, context) =>
        {
            context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
            return Task.FromResult(message);
        };
        byte[] request = RawCall.Frame(0, Compressible.ToByteArray());

        RawCall call = await RawCall.PostAsync(
            server, RawCall.Say, request, http => http.Headers.Add("grpc-accept-encoding", "gzip"));

        Assert.Equal(request, call.Body);
    }

    [Fact]
    public async Task Each_message_of_two_streams_is_compressed_or_not_as_its_writer_says()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        server.Behaviour.Chat = async (messages, responses, _) =>
        {
            for (int i = 0; await messages.MoveNext(); i++)
            {
                responses.WriteOptions = new WriteOptions(i % 2 == 0 ? 0 : WriteFlags.NoCompress);
                await responses.WriteAsync(messages.Current);
            }
        };
        byte[] plain = Compressible.ToByteArray();
        byte[] gzip = Gzip(plain);
        byte[] requests = [.. RawCall.Frame(1, gzip), .. RawCall.Frame(0, plain), .. RawCall.Frame(1, gzip)];

        RawCall call = await RawCall.PostAsync(server, "/grpc_polyfill.tests.Echo/Chat", requests, http =>
        {
            http.Headers.Add("grpc-encoding", "gzip");
            http.Headers.Add("grpc-accept-encoding", "gzip");
        });

        Assert.Equal("0", call.Status);
        Assert.Equal([1, 0, 1], Flags(call.Body));
    }

    [Fact]
    public async Task A_client_reads_and_writes_compressed_messages_between_others()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        using AsyncDuplexStreamingCall<Message, Message> call = server.Client.Chat(
            new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        for (int i = 0; i < 4; i++)
        {
            call.RequestStream.WriteOptions = new WriteOptions(i % 2 == 0 ? 0 : WriteFlags.NoCompress);
            await call.RequestStream.WriteAsync(Compressible);
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(Compressible, call.ResponseStream.Current);
        }
    }

    [Fact]
    public async Task A_client_says_what_it_accepts()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        string? accepted = null;
        server.Behaviour.Say = (message, context) =>
        {
            accepted = context.GetHttpContext().Request.Headers["grpc-accept-encoding"];
            return Task.FromResult(message);
        };

        await server.Client.SayAsync(new Message());

        Assert.Equal("identity,gzip,deflate", accepted);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task What_a_message_inflates_to_counts_against_the_limit_of_the_client_too()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        var client = new Echo.EchoClient(server.Channel(options => options.MaxReceiveMessageSize = 5_000));

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(Compressible));

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task An_encoding_that_the_channel_does_not_have_fails_before_anything_is_sent()
    {
        await using EchoServer server = await EchoServer.StartAsync();

        Assert.Throws<InvalidOperationException>(
            () => { server.Client.SayAsync(new Message(), new Metadata { { "grpc-internal-encoding-request", "zstd" } }); });
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }
        return compressed.ToArray();
    }

    private static IEnumerable<byte> Flags(byte[] frames)
    {
        for (int at = 0; at < frames.Length; at += 5 + BinaryPrimitives.ReadInt32BigEndian(frames.AsSpan(at + 1)))
        {
            yield return frames[at];
        }
    }
}
