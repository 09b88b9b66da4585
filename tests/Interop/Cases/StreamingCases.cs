using Grpc.Core;
using Grpc.Testing;

namespace EdgeAgent.Interop.Cases;

/// <summary>Streams of requests, of responses, and of both.</summary>
internal static class StreamingCases
{
    public static readonly int[] RequestSizes = [27_182, 8, 1_828, 45_904];
    public static readonly int[] ResponseSizes = [31_415, 9, 2_653, 58_979];

    public static async Task ClientAsync(TestClient client)
    {
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = client.Service.StreamingInputCall();
        foreach (int size in RequestSizes)
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = UnaryCases.CreatePayload(size) });
        }
        await call.RequestStream.CompleteAsync();
        Expect.Equal(RequestSizes.Sum(), (await call).AggregatedPayloadSize, "bytes that arrived");
    }

    public static async Task ServerAsync(TestClient client)
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters = { ResponseSizes.Select(size => new ResponseParameters { Size = size }) },
        };
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call = client.Service.StreamingOutputCall(request);
        foreach (int size in ResponseSizes)
        {
            Expect.Equal(true, await call.ResponseStream.MoveNext(), "another response");
            Expect.Zeros(size, call.ResponseStream.Current.Payload);
        }
        Expect.Equal(false, await call.ResponseStream.MoveNext(), "another response");
    }

    public static async Task PingPongAsync(TestClient client)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = client.Service.FullDuplexCall();
        foreach ((int requestSize, int responseSize) in RequestSizes.Zip(ResponseSizes))
        {
            await call.RequestStream.WriteAsync(CreatePing(requestSize, responseSize));
            Expect.Equal(true, await call.ResponseStream.MoveNext(), "another response");
            Expect.Zeros(responseSize, call.ResponseStream.Current.Payload);
        }
        await call.RequestStream.CompleteAsync();
        Expect.Equal(false, await call.ResponseStream.MoveNext(), "another response");
    }

    public static async Task EmptyAsync(TestClient client)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = client.Service.FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        Expect.Equal(false, await call.ResponseStream.MoveNext(), "a response");
    }

    public static StreamingOutputCallRequest CreatePing(int requestSize, int responseSize) => new()
    {
        ResponseParameters = { new ResponseParameters { Size = responseSize } },
        Payload = UnaryCases.CreatePayload(requestSize),
    };
}
