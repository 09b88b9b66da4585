using EdgeAgent.Interop.Serving;
using Grpc.Core;
using Grpc.Testing;

namespace EdgeAgent.Interop.Cases;

/// <summary>How calls end that do not end well.</summary>
internal static class StatusCases
{
    private const string PlainMessage = "test status message";
    private const string SpecialMessage = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n";

    public static async Task CodeAndMessageAsync(TestClient client)
    {
        await ExpectEchoAsync(client, PlainMessage);

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex = client.Service.FullDuplexCall();
        await duplex.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = Echo(StatusCode.Unknown, PlainMessage) });
        await duplex.RequestStream.CompleteAsync();
        RpcException failure = await Expect.StatusAsync(StatusCode.Unknown, () => duplex.ResponseStream.MoveNext());
        Expect.Equal(PlainMessage, failure.Status.Detail, "the message");
    }

    public static Task SpecialMessageAsync(TestClient client) => ExpectEchoAsync(client, SpecialMessage);

    public static Task UnimplementedMethodAsync(TestClient client) =>
        Expect.StatusAsync(StatusCode.Unimplemented, () => client.Service.UnimplementedCallAsync(new Empty()).ResponseAsync);

    public static Task UnimplementedServiceAsync(TestClient client) =>
        Expect.StatusAsync(StatusCode.Unimplemented, () => client.Unimplemented.UnimplementedCallAsync(new Empty()).ResponseAsync);

    public static async Task RichDetailsAsync(TestClient client)
    {
        var request = new SimpleRequest { ResponseStatus = Echo(StatusCode.InvalidArgument, SpecialMessage) };
        var headers = new Metadata { { StatusDetails.RequestKey, "1" } };
        RpcException failure = await Expect.StatusAsync(
            StatusCode.InvalidArgument, () => client.Service.UnaryCallAsync(request, headers).ResponseAsync);

        byte[] trailer = failure.Trailers.GetValueBytes(StatusDetails.TrailerKey)
            ?? throw new UnmetExpectationException($"no trailer {StatusDetails.TrailerKey}");
        Google.Rpc.Status status = Google.Rpc.Status.Parser.ParseFrom(trailer);
        Expect.Equal((int)StatusCode.InvalidArgument, status.Code, "the code in the details");
        Expect.Equal(SpecialMessage, status.Message, "the message in the details");
        Expect.Equal(3, status.Details.Count, "details");
        // Unpacked, because peers may write a map's entries in any order.
        Expect.Equal(StatusDetails.BadRequest, status.Details[0].Unpack<Google.Rpc.BadRequest>(), "BadRequest");
        Expect.Equal(StatusDetails.RetryInfo, status.Details[1].Unpack<Google.Rpc.RetryInfo>(), "RetryInfo");
        Expect.Equal(StatusDetails.ErrorInfo, status.Details[2].Unpack<Google.Rpc.ErrorInfo>(), "ErrorInfo");
    }

    private static async Task ExpectEchoAsync(TestClient client, string message)
    {
        var request = new SimpleRequest { ResponseStatus = Echo(StatusCode.Unknown, message) };
        RpcException failure = await Expect.StatusAsync(
            StatusCode.Unknown, () => client.Service.UnaryCallAsync(request).ResponseAsync);
        Expect.Equal(message, failure.Status.Detail, "the message");
    }

    private static EchoStatus Echo(StatusCode code, string message) => new() { Code = (int)code, Message = message };
}
