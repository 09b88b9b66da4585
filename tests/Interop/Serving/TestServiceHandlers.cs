using EdgeAgent.Interop.Frames;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;

namespace EdgeAgent.Interop.Serving;

/// <summary>The server's features that the public interop description names: echoes, payloads, compression on demand.</summary>
internal sealed class TestServiceHandlers : TestService.TestServiceBase
{
    private const string InitialKey = "x-grpc-test-echo-initial";
    private const string TrailingKey = "x-grpc-test-echo-trailing-bin";

    public override async Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        return new Empty();
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        CheckCompression(request.ExpectCompressed, context);
        await EchoMetadataAsync(context, compress: request.ResponseCompressed?.Value ?? false);
        ThrowEchoStatus(request.ResponseStatus, context);
        return new SimpleResponse { Payload = CreatePayload(request.ResponseType, request.ResponseSize) };
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        int size = 0;
        await foreach (StreamingInputCallRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            CheckCompression(request.ExpectCompressed, context);
            size += request.Payload?.Body.Length ?? 0;
        }
        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        await EchoMetadataAsync(context, compress: request.ResponseParameters.Any(each => each.Compressed?.Value ?? false));
        await RespondAsync(request, responseStream, context);
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await foreach (StreamingOutputCallRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await RespondAsync(request, responseStream, context);
        }
    }

    private static async Task RespondAsync(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        ThrowEchoStatus(request.ResponseStatus, context);
        foreach (ResponseParameters each in request.ResponseParameters)
        {
            if (each.IntervalUs > 0)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(each.IntervalUs), context.CancellationToken);
            }
            responses.WriteOptions = new WriteOptions(each.Compressed?.Value ?? false ? 0 : WriteFlags.NoCompress);
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = CreatePayload(request.ResponseType, each.Size) });
        }
    }

    /// <summary>Sends the headers: what is to be echoed, and the encoding of those responses that are to come compressed.</summary>
    private static async Task EchoMetadataAsync(ServerCallContext context, bool compress = false)
    {
        var headers = new Metadata();
        if (context.RequestHeaders.Get(InitialKey) is { } initial)
        {
            headers.Add(initial);
        }
        if (compress)
        {
            headers.Add(Compression.RequestKey, Compression.Gzip);
        }
        if (context.RequestHeaders.Get(TrailingKey) is { } trailing)
        {
            context.ResponseTrailers.Add(trailing);
        }
        if (headers.Count > 0)
        {
            await context.WriteResponseHeadersAsync(headers);
        }
    }

    private static void ThrowEchoStatus(EchoStatus? wanted, ServerCallContext context)
    {
        if (wanted is not null)
        {
            Metadata trailers = context.RequestHeaders.Get(StatusDetails.RequestKey) is null
                ? []
                : StatusDetails.ToTrailers(StatusDetails.Create(wanted.Code, wanted.Message));
            throw new RpcException(new Status((StatusCode)wanted.Code, wanted.Message), trailers);
        }
    }

    private static void CheckCompression(BoolValue? expected, ServerCallContext context)
    {
        bool was = context.WasCompressed();
        if (expected is not null && expected.Value != was)
        {
            string what = was ? "was compressed" : "was not compressed";
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The request {what}, against what it says."));
        }
    }

    private static Payload CreatePayload(PayloadType type, int size) =>
        type == PayloadType.Compressable && size >= 0
            ? new Payload { Type = type, Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) }
            : throw new RpcException(new Status(StatusCode.InvalidArgument, $"No payload of type {type} and size {size} can be made."));
}
