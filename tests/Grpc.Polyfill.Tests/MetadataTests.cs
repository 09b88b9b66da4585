using Grpc.Core;

namespace Grpc.Polyfill.Tests;

public sealed class MetadataTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = [0, 1, 0x80, 0xFF, 0x2C];
    private EchoServer _server = null!;

    public async Task InitializeAsync() => _server = await EchoServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Text_and_bytes_pass_in_headers_and_trailers()
    {
        _server.Behaviour.Say = async (message, context) =>
        {
            Metadata sent = context.RequestHeaders;
            await context.WriteResponseHeadersAsync(new Metadata { sent.Get("text")!, sent.Get("data-bin")! });
            context.ResponseTrailers.Add(sent.Get("text")!);
            context.ResponseTrailers.Add(sent.Get("data-bin")!);
            return message;
        };
        using AsyncUnaryCall<Message> call = _server.Client.SayAsync(
            new Message(), new Metadata { { "Text", "a b" }, { "data-bin", Bytes } });
        await call;

        foreach (Metadata received in new[] { await call.ResponseHeadersAsync, call.GetTrailers() })
        {
            Assert.Equal("a b", received.GetValue("text"));
            Assert.Equal(Bytes, received.GetValueBytes("data-bin"));
        }
    }

    [Fact]
    public async Task A_key_may_occur_twice_and_keeps_its_order()
    {
        _server.Behaviour.Say = (_, context) =>
            Task.FromResult(new Message { Text = string.Join(';', context.RequestHeaders.GetAll("k").Select(entry => entry.Value)) });

        Message response = await _server.Client.SayAsync(new Message(), new Metadata { { "k", "1" }, { "k", "2" } });

        Assert.Contains(response.Text, (string[])["1;2", "1, 2"]);
    }

    [Fact]
    public async Task Headers_of_the_protocol_are_not_metadata()
    {
        _server.Behaviour.Say = (_, context) =>
            Task.FromResult(new Message { Text = string.Join(' ', context.RequestHeaders.Select(entry => entry.Key).Order()) });

        Message response = await _server.Client.SayAsync(
            new Message(), new Metadata { { "mine", "1" } }, deadline: DateTime.UtcNow.AddMinutes(1));

        Assert.Equal("mine user-agent", response.Text);
    }

    [Theory]
    [Trait("Package", "polyfill")]
    [InlineData("grpc-status", "7")]
    [InlineData("grpc-message", "forged")]
    [InlineData("grpc-encoding", "zstd")]
    [InlineData("grpc-timeout", "1n")]
    [InlineData("content-type", "text/html")]
    public async Task Metadata_cannot_pose_as_what_the_protocol_says_itself(string key, string value)
    {
        _server.Behaviour.Say = async (message, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { key, value }, { "mine", "1" } });
            context.ResponseTrailers.Add(key, value);
            return message;
        };
        using AsyncUnaryCall<Message> call = _server.Client.SayAsync(new Message { Text = "hello" }, new Metadata { { key, value } });

        Assert.Equal("hello", (await call).Text);
        Assert.Equal("1", (await call.ResponseHeadersAsync).GetValue("mine"));
        Assert.Equal(Status.DefaultSuccess, call.GetStatus());
    }

    [Theory]
    [InlineData("AAGA/yw=", 1)]
    [InlineData("AAGA/yw", 1)]
    [InlineData("AAGA/yw,AAGA/yw=", 2)]
    [InlineData("AAGA/yw , AAGA/yw,AAGA/yw", 3)]
    [Trait("Package", "polyfill")]
    public async Task A_server_reads_bytes_with_padding_or_without_and_in_lists(string header, int entries)
    {
        IReadOnlyList<byte[]> read = [];
        _server.Behaviour.Say = (message, context) =>
        {
            read = [.. context.RequestHeaders.GetAll("data-bin").Select(entry => entry.ValueBytes)];
            return Task.FromResult(message);
        };

        RawCall call = await RawCall.PostAsync(
            _server, RawCall.Say, RawCall.Frame(0, []), request => request.Headers.TryAddWithoutValidation("data-bin", header));

        Assert.Equal("0", call.Status);
        Assert.Equal(Enumerable.Repeat(Bytes, entries), read);
    }

    [Fact]
    public async Task Headers_go_out_once()
    {
        _server.Behaviour.Say = async (message, context) =>
        {
            await context.WriteResponseHeadersAsync([]);
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
            return message;
        };
        await _server.Client.SayAsync(new Message());
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("100 % of größe\r\n\t~ 漢字 %41")]
    public async Task A_status_message_passes_unchanged_whatever_is_in_it(string detail)
    {
        _server.Behaviour.Say = (_, _) => throw new RpcException(new Status(StatusCode.Aborted, detail));

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await _server.Client.SayAsync(new Message()));

        Assert.Equal(detail, failure.Status.Detail);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("umlaut-ä")]
    [InlineData("colon:")]
    public void A_key_with_other_characters_is_refused(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata { { key, "value" } });

    [Fact]
    public void Only_keys_that_end_in_bin_carry_bytes()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", [1]));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key-bin", "text"));
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("key-bin", [1]).Value);
    }

    [Fact]
    public void Keys_are_lower_case_and_found_in_any_case()
    {
        var metadata = new Metadata { { "Key", "1" }, { "key", "2" } };

        Assert.Equal(["key", "key"], metadata.Select(entry => entry.Key));
        Assert.Equal("2", metadata.GetValue("KEY"));
        Assert.Null(metadata.GetValue("other"));
    }

    [Fact]
    public void The_empty_metadata_cannot_be_written_to() =>
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));
}
