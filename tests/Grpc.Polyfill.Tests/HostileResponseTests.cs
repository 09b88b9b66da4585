using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grpc.Polyfill.Tests;

public sealed class HostileResponseTests : IAsyncLifetime
{
    private static readonly Marshaller<Message> Protobuf = Marshallers.Create(message => message.ToByteArray(), Message.Parser.ParseFrom);
    private static readonly Method<Message, Message> Unary = new(MethodType.Unary, "raw", "answer", Protobuf, Protobuf);
    private static readonly Method<Message, Message> Stream = new(MethodType.ServerStreaming, "raw", "answer", Protobuf, Protobuf);
    private static readonly byte[] Hello = new Message { Text = "hello" }.ToByteArray();

    private RequestDelegate _answer = _ => Task.CompletedTask;
    private EchoServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await EchoServer.StartAsync(map: app => app.MapPost("/raw/answer", http => _answer(http)));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    public async Task An_http_error_of_a_proxy_becomes_the_status_that_the_specification_maps_it_to(int http, StatusCode expected)
    {
        _answer = context =>
        {
            context.Response.StatusCode = http;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>sorry</html>");
        };
        await ExpectAsync(expected);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_page_instead_of_a_response_is_unknown()
    {
        _answer = context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>hello</html>");
        };
        await ExpectAsync(StatusCode.Unknown);
    }

    [Fact]
    public async Task A_status_in_the_headers_counts_whatever_the_http_status_is()
    {
        _answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "9";
            context.Response.Headers["grpc-message"] = "not%20now";
            context.Response.Headers["why"] = "upgrade";
            return Task.CompletedTask;
        };
        RpcException failure = await ExpectAsync(StatusCode.FailedPrecondition);
        Assert.Equal("not now", failure.Status.Detail);
        Assert.Equal("upgrade", failure.Trailers.GetValue("why"));
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_response_without_a_status_is_unknown()
    {
        _answer = context => SendAsync(context, RawCall.Frame(0, Hello), status: null);
        await ExpectAsync(StatusCode.Unknown);
    }

    [Theory]
    [MemberData(nameof(StatusTests.Failures), MemberType = typeof(StatusTests))]
    public async Task Every_failure_is_understood_by_its_number_in_trailers_and_in_headers(int code)
    {
        _answer = context => SendAsync(context, [], status: code);
        await ExpectAsync((StatusCode)code);

        _answer = context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = $"{code}";
            return Task.CompletedTask;
        };
        await ExpectAsync((StatusCode)code);
    }

    [Theory]
    [InlineData("all%20is%20well", "all is well")]
    [InlineData("gr%C3%B6%C3%9Fe", "größe")]
    [InlineData("100%", "100%")]
    [InlineData("100%zz and 5%2", "100%zz and 5%2")]
    [InlineData("%41%4", "A%4")]
    public async Task A_message_with_invalid_escapes_is_kept_as_far_as_it_can_be_read(string sent, string read)
    {
        _answer = context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "13";
            context.Response.Headers["grpc-message"] = sent;
            return Task.CompletedTask;
        };

        Assert.Equal(read, (await ExpectAsync(StatusCode.Internal)).Status.Detail);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_status_of_a_later_version_of_grpc_is_unknown()
    {
        _answer = context => SendAsync(context, [], status: 99);
        await ExpectAsync(StatusCode.Unknown);
    }

    [Theory]
    [Trait("Package", "polyfill")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x0A, 0x7F, 0x41 })]
    public async Task A_response_that_is_no_protobuf_is_an_internal_error(byte[] payload)
    {
        _answer = context => SendAsync(context, RawCall.Frame(0, payload));
        await ExpectAsync(StatusCode.Internal);

        using AsyncServerStreamingCall<Message> call = Invoker().AsyncServerStreamingCall(Stream, null, default, new Message());
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_request_that_cannot_be_serialized_is_an_internal_error()
    {
        Marshaller<Message> broken = Marshallers.Create<Message>(_ => throw new IOException("not today"), Message.Parser.ParseFrom);
        CallInvoker invoker = Invoker();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await invoker.AsyncUnaryCall(
            new Method<Message, Message>(MethodType.Unary, "raw", "answer", broken, Protobuf), null, default, new Message()));

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    [Fact]
    public async Task Success_without_a_response_is_an_internal_error()
    {
        _answer = context => SendAsync(context, []);
        await ExpectAsync(StatusCode.Internal);
    }

    [Fact]
    public async Task Two_responses_where_one_belongs_are_an_internal_error()
    {
        _answer = context => SendAsync(context, [.. RawCall.Frame(0, Hello), .. RawCall.Frame(0, Hello)]);
        await ExpectAsync(StatusCode.Internal);
    }

    [Fact]
    public async Task A_response_that_ends_inside_a_message_is_an_internal_error()
    {
        _answer = context => SendAsync(context, RawCall.Frame(0, Hello, length: 100));
        await ExpectAsync(StatusCode.Internal);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_response_above_the_limit_is_refused_before_it_is_there()
    {
        _answer = context => SendAsync(context, RawCall.Frame(0, Hello, length: uint.MaxValue));
        await ExpectAsync(StatusCode.ResourceExhausted);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_response_in_an_unknown_encoding_is_an_internal_error()
    {
        _answer = context =>
        {
            context.Response.Headers["grpc-encoding"] = "zstd";
            return SendAsync(context, RawCall.Frame(1, Hello));
        };
        await ExpectAsync(StatusCode.Internal);
    }

    [Fact]
    public async Task A_stream_that_breaks_in_the_middle_brings_what_came_before_and_then_the_failure()
    {
        var mayBreak = new TaskCompletionSource();
        _answer = async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(RawCall.Frame(0, Hello));
            await context.Response.Body.FlushAsync();
            await mayBreak.Task;
            context.Abort();
        };
        using AsyncServerStreamingCall<Message> call =
            Invoker().AsyncServerStreamingCall(Stream, null, default, new Message());

        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal("hello", call.ResponseStream.Current.Text);
        mayBreak.SetResult();
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.NotEqual(StatusCode.OK, failure.StatusCode);
        Assert.Equal(failure.StatusCode, call.GetStatus().StatusCode);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task Base64_metadata_is_read_with_and_without_padding_and_in_lists()
    {
        _answer = context =>
        {
            context.Response.Headers["a-bin"] = "AQI=";
            context.Response.Headers["b-bin"] = "AQI";
            context.Response.Headers["c-bin"] = "AQ==,Ag";
            return SendAsync(context, RawCall.Frame(0, Hello));
        };
        using AsyncUnaryCall<Message> call = Invoker().AsyncUnaryCall(Unary, null, default, new Message());
        Metadata headers = await call.ResponseHeadersAsync;
        await call;

        Assert.Equal([1, 2], headers.GetValueBytes("a-bin"));
        Assert.Equal([1, 2], headers.GetValueBytes("b-bin"));
        Assert.Equal([[1], [2]], headers.GetAll("c-bin").Select(entry => entry.ValueBytes));
    }

    private static async Task SendAsync(HttpContext context, byte[] body, int? status = 0)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(body);
        await context.Response.Body.FlushAsync();
        if (status is { } code)
        {
            context.Response.AppendTrailer("grpc-status", code.ToString(CultureInfo.InvariantCulture));
        }
    }

    private CallInvoker Invoker() => _server.Channel().CreateCallInvoker();

    private async Task<RpcException> ExpectAsync(StatusCode expected)
    {
        CallInvoker invoker = Invoker();
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await invoker.AsyncUnaryCall(Unary, null, default, new Message()));
        Assert.Equal(expected, failure.StatusCode);
        return failure;
    }
}
