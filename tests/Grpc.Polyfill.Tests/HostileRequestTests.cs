using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests;

public sealed class HostileRequestTests : IAsyncLifetime
{
    private static readonly byte[] Hello = new Message { Text = "hello" }.ToByteArray();
    private EchoServer _server = null!;

    public async Task InitializeAsync() => _server = await EchoServer.StartAsync(options => options.MaxReceiveMessageSize = 1000);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_well_formed_call_by_hand_is_answered()
    {
        RawCall call = await PostAsync(RawCall.Frame(0, Hello));

        Assert.Equal(HttpStatusCode.OK, call.Http);
        Assert.Equal("application/grpc", call.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal("0", call.Status);
        Assert.Equal(RawCall.Frame(0, Hello), call.Body);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1, 2 })]
    public async Task A_stream_that_ends_inside_a_message_is_an_internal_error(byte[] body) => await ExpectAsync(StatusCode.Internal, body);

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_flag_that_is_neither_0_nor_1_is_an_internal_error() =>
        await ExpectAsync(StatusCode.Internal, RawCall.Frame(2, Hello));

    [Theory]
    [Trait("Package", "polyfill")]
    [InlineData(1001u)]
    [InlineData(int.MaxValue + 1u)]
    [InlineData(uint.MaxValue)]
    public async Task An_announced_length_above_the_limit_is_refused_before_the_message_is_there(uint length) =>
        await ExpectAsync(StatusCode.ResourceExhausted, RawCall.Frame(0, Hello, length));

    [Fact]
    public async Task A_compressed_message_in_a_call_without_encoding_is_an_internal_error() =>
        await ExpectAsync(StatusCode.Internal, RawCall.Frame(1, Gzip(Hello)));

    [Fact]
    public async Task An_unknown_encoding_is_unimplemented_and_the_answer_names_the_known_ones()
    {
        RawCall call = await ExpectAsync(StatusCode.Unimplemented, RawCall.Frame(1, Hello), Encoding("zstd"));

        Assert.Equal("identity,gzip,deflate", call.Response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_payload_that_is_not_gzip_is_an_internal_error() =>
        await ExpectAsync(StatusCode.Internal, RawCall.Frame(1, Hello), Encoding("gzip"));

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_message_that_inflates_beyond_the_limit_is_refused()
    {
        byte[] bomb = Gzip(new byte[50_000_000]);
        byte[] frame = RawCall.Frame(1, bomb[..900]);

        await ExpectAsync(StatusCode.ResourceExhausted, frame, Encoding("gzip"));
    }

    [Fact]
    public async Task A_message_that_is_no_protobuf_fails_its_call_only()
    {
        await ExpectAsync(StatusCode.Unknown, RawCall.Frame(0, [0xFF, 0xFF, 0xFF]));
        await ExpectAsync(StatusCode.OK, RawCall.Frame(0, Hello));
    }

    [Fact]
    public async Task A_unary_call_without_a_message_is_an_internal_error() => await ExpectAsync(StatusCode.Internal, []);

    [Fact]
    public async Task A_unary_call_with_two_messages_is_an_internal_error() =>
        await ExpectAsync(StatusCode.Internal, [.. RawCall.Frame(0, Hello), .. RawCall.Frame(0, Hello)]);

    [Theory]
    [Trait("Package", "polyfill")]
    [InlineData("1X")]
    [InlineData("-1S")]
    [InlineData("123456789S")]
    [InlineData("S")]
    public async Task A_timeout_that_is_none_is_an_internal_error(string timeout) =>
        await ExpectAsync(StatusCode.Internal, RawCall.Frame(0, Hello), request => request.Headers.Add("grpc-timeout", timeout));

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("text/plain")]
    public async Task Another_content_type_is_refused_by_http_status(string contentType)
    {
        RawCall call = await PostAsync(
            RawCall.Frame(0, Hello), request => request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, call.Http);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;proto=Message")]
    public async Task A_content_type_with_a_suffix_is_grpc_too(string contentType) => await ExpectAsync(
        StatusCode.OK,
        RawCall.Frame(0, Hello),
        request => request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType));

    [Fact]
    public async Task Http_1_is_told_to_upgrade()
    {
        RawCall call = await PostAsync(RawCall.Frame(0, Hello), request => request.Version = HttpVersion.Version11);

        Assert.Equal(HttpStatusCode.UpgradeRequired, call.Http);
    }

    [Theory]
    [InlineData("/grpc_polyfill.tests.Echo/Shout")]
    [InlineData("/other.Service/Say")]
    public async Task A_method_that_is_not_there_is_unimplemented_and_not_404(string path)
    {
        RawCall call = await RawCall.PostAsync(_server, path, RawCall.Frame(0, Hello));

        Assert.Equal(HttpStatusCode.OK, call.Http);
        Assert.Equal("12", call.Status);
    }

    [Fact]
    public async Task What_is_not_grpc_is_left_to_the_rest_of_the_site()
    {
        RawCall call = await RawCall.PostAsync(
            _server, "/other/page", [], request => request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse("text/html"));

        Assert.Equal(HttpStatusCode.NotFound, call.Http);
        Assert.Null(call.Status);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task Binary_metadata_that_is_not_base64_fails_the_handler_that_asks_for_it()
    {
        _server.Behaviour.Say = (message, context) => Task.FromResult(new Message { Text = $"{context.RequestHeaders.Count}" });

        await ExpectAsync(StatusCode.Internal, RawCall.Frame(0, Hello), request => request.Headers.Add("x-bin", "***"));
    }

    private static Action<HttpRequestMessage> Encoding(string name) => request => request.Headers.Add("grpc-encoding", name);

    private static byte[] Gzip(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }
        return compressed.ToArray();
    }

    private Task<RawCall> PostAsync(byte[] body, Action<HttpRequestMessage>? change = null) =>
        RawCall.PostAsync(_server, RawCall.Say, body, change);

    private async Task<RawCall> ExpectAsync(StatusCode expected, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        RawCall call = await PostAsync(body, change);
        Assert.Equal(HttpStatusCode.OK, call.Http);
        Assert.Equal($"{(int)expected}", call.Status);
        return call;
    }
}
