using Grpc.Core;
using Grpc.Testing;

namespace EdgeAgent.Interop.Cases;

/// <summary>Compression, chosen message by message. What arrives is seen in the frames, on both sides.</summary>
internal static class CompressionCases
{
    /// <summary>The probe lies about itself: only a server that looks at the frames refuses it.</summary>
    public static async Task ClientUnaryAsync(TestClient client)
    {
        await Expect.StatusAsync(
            StatusCode.InvalidArgument, () => client.Service.UnaryCallAsync(CreateRequest(expectCompressed: true)).ResponseAsync);
        foreach (bool compressed in (bool[])[true, false])
        {
            SimpleResponse response = await client.Service.UnaryCallAsync(
                CreateRequest(compressed), compressed ? Compression.CreateHeaders() : null);
            Expect.Zeros(UnaryCases.LargeResponse, response.Payload);
        }
    }

    public static async Task ServerUnaryAsync(TestClient client)
    {
        foreach (bool compressed in (bool[])[true, false])
        {
            SimpleRequest request = UnaryCases.CreateLarge();
            request.ResponseCompressed = new BoolValue { Value = compressed };
            SimpleResponse response = await client.Service.UnaryCallAsync(request);
            Expect.Equal(compressed, client.Responses.LastCall.TakeNext(), "whether the response came compressed");
            Expect.Zeros(UnaryCases.LargeResponse, response.Payload);
        }
    }

    public static async Task ClientStreamingAsync(TestClient client)
    {
        using (AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> probe = client.Service.StreamingInputCall())
        {
            await probe.RequestStream.WriteAsync(CreateStreamRequest(StreamingCases.RequestSizes[0], expectCompressed: true));
            // A server that does not look would wait for more.
            await probe.RequestStream.CompleteAsync();
            await Expect.StatusAsync(StatusCode.InvalidArgument, () => probe.ResponseAsync);
        }

        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
            client.Service.StreamingInputCall(Compression.CreateHeaders());
        await call.RequestStream.WriteAsync(CreateStreamRequest(StreamingCases.RequestSizes[0], expectCompressed: true));
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(CreateStreamRequest(StreamingCases.RequestSizes[3], expectCompressed: false));
        await call.RequestStream.CompleteAsync();
        int sent = StreamingCases.RequestSizes[0] + StreamingCases.RequestSizes[3];
        Expect.Equal(sent, (await call).AggregatedPayloadSize, "bytes that arrived");
    }

    public static async Task ServerStreamingAsync(TestClient client)
    {
        (int Size, bool IsCompressed)[] wanted = [(31_415, true), (92_653, false)];
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                wanted.Select(each => new ResponseParameters
                {
                    Size = each.Size,
                    Compressed = new BoolValue { Value = each.IsCompressed },
                }),
            },
        };
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call = client.Service.StreamingOutputCall(request);
        foreach ((int size, bool isCompressed) in wanted)
        {
            Expect.Equal(true, await call.ResponseStream.MoveNext(), "another response");
            Expect.Equal(isCompressed, client.Responses.LastCall.TakeNext(), $"whether the response of {size} bytes came compressed");
            Expect.Zeros(size, call.ResponseStream.Current.Payload);
        }
        Expect.Equal(false, await call.ResponseStream.MoveNext(), "another response");
    }

    private static SimpleRequest CreateRequest(bool expectCompressed)
    {
        SimpleRequest request = UnaryCases.CreateLarge();
        request.ExpectCompressed = new BoolValue { Value = expectCompressed };
        return request;
    }

    private static StreamingInputCallRequest CreateStreamRequest(int size, bool expectCompressed) => new()
    {
        ExpectCompressed = new BoolValue { Value = expectCompressed },
        Payload = UnaryCases.CreatePayload(size),
    };
}
