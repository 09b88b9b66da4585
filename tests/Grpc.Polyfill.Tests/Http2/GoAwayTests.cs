using Grpc.Core;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>
/// What a server's GOAWAY does to calls: those that it took are finished, those that it did not take are made again elsewhere or are
/// UNAVAILABLE, and new ones get a new connection.
/// </summary>
public sealed class GoAwayTests
{
    [Fact]
    public async Task A_call_that_a_leaving_server_took_is_finished_and_the_next_one_has_a_new_connection()
    {
        await using var server = new HandMadeServer(async (wire, number) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            await wire.SendAsync(Http2Frame.GoAway(call, Http2Error.None));
            await HandMadeServer.AnswerAsync(wire, call, $"{number}");
            await wire.ReadToCloseAsync();
        });

        Assert.Equal("0", (await server.Client.SayAsync(new Message(), deadline: Soon)).Text);
        Assert.Equal("1", (await server.Client.SayAsync(new Message(), deadline: Soon)).Text);
    }

    [Fact]
    public async Task A_call_that_a_leaving_server_did_not_take_is_made_again_on_a_new_connection()
    {
        await using var server = new HandMadeServer(async (wire, number) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            if (number == 0)
            {
                await wire.SendAsync(Http2Frame.GoAway(0, Http2Error.None));
            }
            else
            {
                await HandMadeServer.AnswerAsync(wire, call, $"{number}");
            }
            await wire.ReadToCloseAsync();
        });

        Assert.Equal("1", (await server.Client.SayAsync(new Message(), deadline: Soon)).Text);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_call_that_no_server_takes_is_unavailable()
    {
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            await HandMadeServer.NextCallAsync(wire);
            await wire.SendAsync(Http2Frame.GoAway(0, Http2Error.None));
            await wire.ReadToCloseAsync();
        });

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.SayAsync(new Message(), deadline: Soon));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    [Trait("Package", "polyfill")]
    public async Task A_stream_of_requests_that_a_leaving_server_did_not_take_is_unavailable_and_nothing_of_it_is_sent_twice()
    {
        int messages = 0;
        var mayLeave = new TaskCompletionSource();
        await using var server = new HandMadeServer(async (wire, number) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            if (number == 0)
            {
                await mayLeave.Task;
                await wire.SendAsync(Http2Frame.GoAway(0, Http2Error.None));
            }
            await wire.ReadUntilAsync(frame =>
            {
                messages += frame.Type == Http2FrameType.Data && frame.Payload.Length > 0 ? 1 : 0;
                return false;
            });
        });
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect(deadline: Soon);
        await call.RequestStream.WriteAsync(new Message { Text = "once" });

        mayLeave.SetResult();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
        Assert.InRange(messages, 0, 1);
    }

    [Theory]
    [Trait("Package", "polyfill")]
    [InlineData(Http2Error.None, StatusCode.Unavailable)]
    [InlineData(Http2Error.Protocol, StatusCode.Unavailable)]
    [InlineData(Http2Error.EnhanceYourCalm, StatusCode.ResourceExhausted)]
    public async Task A_call_in_flight_when_the_connection_ends_has_the_status_of_its_end(Http2Error error, StatusCode expected)
    {
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            await wire.SendAsync(HandMadeServer.ResponseHeaders(call), Http2Frame.GoAway(call, error));
        });

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.SayAsync(new Message(), deadline: Soon));

        Assert.True(expected == failure.StatusCode, $"{failure.Status}");
    }

    private static DateTime Soon => DateTime.UtcNow.AddSeconds(15);
}
