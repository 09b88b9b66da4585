using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests;

public sealed class CallTests : IAsyncLifetime
{
    private EchoServer _server = null!;

    public async Task InitializeAsync() => _server = await EchoServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_unary_call_brings_the_response_and_the_status()
    {
        using AsyncUnaryCall<Message> call = _server.Client.SayAsync(new Message { Text = "hello" });

        Message response = await call;

        Assert.Equal("hello", response.Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public void A_blocking_unary_call_brings_the_response() =>
        Assert.Equal("hello", _server.Client.Say(new Message { Text = "hello" }).Text);

    [Fact]
    public async Task A_message_without_fields_passes_in_both_directions() =>
        Assert.Equal(new Message(), await _server.Client.SayAsync(new Message()));

    [Fact]
    public async Task A_client_streaming_call_brings_one_response_for_all_messages()
    {
        using AsyncClientStreamingCall<Message, Summary> call = _server.Client.Collect();
        for (int i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new Message { Data = ByteString.CopyFrom(new byte[1000]) });
        }
        await call.RequestStream.CompleteAsync();

        Assert.Equal(new Summary { Messages = 100, Bytes = 100_000 }, await call);
    }

    [Fact]
    public async Task A_server_streaming_call_brings_all_messages_in_order_and_then_ends()
    {
        _server.Behaviour.Repeat = async (request, responses, _) =>
        {
            for (int i = 0; i < request.Times; i++)
            {
                await responses.WriteAsync(new Message { Text = $"{i}" });
            }
        };
        using AsyncServerStreamingCall<Message> call = _server.Client.Repeat(new RepeatRequest { Times = 1000 });

        List<string> texts = await call.ResponseStream.ReadAllAsync().Select(message => message.Text).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), texts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Two_streams_answer_each_other_in_lock_step()
    {
        using AsyncDuplexStreamingCall<Message, Message> call = _server.Client.Chat();
        for (int i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(new Message { Text = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_message_of_many_buffers_arrives_whole()
    {
        var data = new byte[3_000_000];
        new Random(1).NextBytes(data);

        Message response = await _server.Client.SayAsync(new Message { Data = ByteString.CopyFrom(data) });

        Assert.Equal(data, response.Data.ToByteArray());
    }

    [Fact]
    public async Task Early_headers_reach_a_client_that_is_still_streaming()
    {
        var mayFinish = new TaskCompletionSource();
        _server.Behaviour.Collect = async (messages, context) =>
        {
            Assert.True(await messages.MoveNext());
            await context.WriteResponseHeadersAsync(new Metadata { { "resume-at", "42" } });
            await mayFinish.Task;
            return new Summary { Messages = await messages.ReadAllAsync().CountAsync() + 1 };
        };
        using AsyncClientStreamingCall<Message, Summary> call = _server.Client.Collect();
        await call.RequestStream.WriteAsync(new Message { Text = "open" });

        Metadata headers = await call.ResponseHeadersAsync;

        Assert.Equal("42", headers.GetValue("resume-at"));
        Assert.False(call.ResponseAsync.IsCompleted);
        mayFinish.SetResult();
        await call.RequestStream.WriteAsync(new Message { Text = "more" });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(2, (await call).Messages);
    }

    [Fact]
    public async Task Headers_go_out_before_the_client_writes_its_first_message()
    {
        _server.Behaviour.Collect = async (messages, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "seen", context.RequestHeaders.GetValue("agent")! } });
            return new Summary { Messages = await messages.ReadAllAsync().CountAsync() };
        };
        using AsyncClientStreamingCall<Message, Summary> call = _server.Client.Collect(new Metadata { { "agent", "a1" } });

        Assert.Equal("a1", (await call.ResponseHeadersAsync).GetValue("seen"));

        await call.RequestStream.CompleteAsync();
        Assert.Equal(0, (await call).Messages);
    }
}
