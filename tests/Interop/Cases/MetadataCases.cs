using Grpc.Core;
using Grpc.Testing;

namespace EdgeAgent.Interop.Cases;

/// <summary>Metadata, as text and as bytes, to the server and back in headers and trailers.</summary>
internal static class MetadataCases
{
    private const string InitialKey = "x-grpc-test-echo-initial";
    private const string InitialValue = "test_initial_metadata_value";
    private const string TrailingKey = "x-grpc-test-echo-trailing-bin";
    private static readonly byte[] s_trailingValue = [0xab, 0xab, 0xab];

    private static Metadata Headers => new() { { InitialKey, InitialValue }, { TrailingKey, s_trailingValue } };

    public static async Task CustomAsync(TestClient client)
    {
        using AsyncUnaryCall<SimpleResponse> unary = client.Service.UnaryCallAsync(UnaryCases.CreateLarge(), Headers);
        await unary;
        Check(await unary.ResponseHeadersAsync, unary.GetTrailers());

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex =
            client.Service.FullDuplexCall(Headers);
        await duplex.RequestStream.WriteAsync(StreamingCases.CreatePing(UnaryCases.LargeRequest, UnaryCases.LargeResponse));
        await duplex.RequestStream.CompleteAsync();
        Expect.Equal(true, await duplex.ResponseStream.MoveNext(), "a response");
        Expect.Equal(false, await duplex.ResponseStream.MoveNext(), "another response");
        Check(await duplex.ResponseHeadersAsync, duplex.GetTrailers());
    }

    private static void Check(Metadata headers, Metadata trailers)
    {
        Expect.Equal(InitialValue, headers.GetValue(InitialKey), "the header");
        byte[] trailing = trailers.GetValueBytes(TrailingKey) ?? [];
        Expect.Equal(Convert.ToHexString(s_trailingValue), Convert.ToHexString(trailing), "the trailer");
    }
}
