using Grpc.Core;
using Grpc.Testing;

namespace EdgeAgent.Interop.Cases;

/// <summary>Calls that the client gives up, or whose deadline passes.</summary>
internal static class CancellationCases
{
    public static async Task AfterBeginAsync(TestClient client)
    {
        using var cancellation = new CancellationTokenSource();
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
            client.Service.StreamingInputCall(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await Expect.StatusAsync(StatusCode.Cancelled, () => call.ResponseAsync);
    }

    public static async Task AfterFirstResponseAsync(TestClient client)
    {
        using var cancellation = new CancellationTokenSource();
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            client.Service.FullDuplexCall(cancellationToken: cancellation.Token);
        await call.RequestStream.WriteAsync(
            StreamingCases.CreatePing(StreamingCases.RequestSizes[0], StreamingCases.ResponseSizes[0]), CancellationToken.None);
        Expect.Equal(true, await call.ResponseStream.MoveNext(CancellationToken.None), "the first response");
        await cancellation.CancelAsync();
        await Expect.StatusAsync(StatusCode.Cancelled, () => call.ResponseStream.MoveNext(CancellationToken.None));
    }

    public static async Task TimeoutAsync(TestClient client)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            client.Service.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        try
        {
            await call.RequestStream.WriteAsync(
                new StreamingOutputCallRequest { Payload = UnaryCases.CreatePayload(StreamingCases.RequestSizes[0]) });
        }
        catch (Exception late) when (late is RpcException or InvalidOperationException)
        {
            // A millisecond is short: the call may have ended before the write. How it ended is the reader's to find.
        }
        await Expect.StatusAsync(StatusCode.DeadlineExceeded, () => call.ResponseStream.MoveNext());
    }
}
