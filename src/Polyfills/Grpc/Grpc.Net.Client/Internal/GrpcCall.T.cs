using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// One call. The pump is <see cref="ExchangeAsync"/>; whatever it throws, <see cref="RunAsync"/> makes the end of the call.
/// </summary>
internal sealed class GrpcCall<TRequest, TResponse> : GrpcCall, IRequestFramer<TRequest>
    where TRequest : class
    where TResponse : class
{
    /// <summary>
    /// The size of one read from the transport: a DATA frame at its usual largest (16 KiB). Rented only once bytes have arrived.
    /// </summary>
    private const int ReadSize = 16 * 1024;

    private readonly Method<TRequest, TResponse> _method;
    private readonly ICompressionProvider? _requestCodec;
    private readonly TaskCompletionSource<TResponse> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FrameReader?> _frames = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CallContent? _content;

    public GrpcCall(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
        : base(channel, method, options)
    {
        _method = method;
        string? encoding = options.Headers?.GetValue(Metadata.CompressionRequestKey);
        if (!channel.Codecs.TryFind(encoding, out _requestCodec))
        {
            throw new InvalidOperationException($"The channel has no compression provider for '{encoding}'.");
        }
    }

    /// <summary>The one response of a call that has one.</summary>
    public Task<TResponse> ResponseAsync => _response.Task;

    private bool HasOneResponse => _method.Type is MethodType.Unary or MethodType.ClientStreaming;

    public void Start(CallContent content)
    {
        _content = content;
        TimeSpan? timeout = Arm();
        if (!End.IsCompleted)
        {
            _ = RunAsync(content, timeout);
        }
    }

    public FrameWriter CreateWriter() => new(Channel.Options.MaxSendMessageSize);

    public ReadOnlyMemory<byte> Frame(FrameWriter writer, TRequest message, WriteOptions? options)
    {
        try
        {
            return writer.Write(
                message,
                _method.RequestMarshaller.ContextualSerializer,
                ((options?.Flags ?? 0) & WriteFlags.NoCompress) != 0 ? null : _requestCodec);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Unusable("The request cannot be serialized.", failure);
        }
    }

    /// <summary>Reads the next response of a stream.</summary>
    /// <returns>Null at the end of the stream.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResponse?> ReadAsync()
    {
        try
        {
            FrameReader? frames = await _frames.Task.ConfigureAwait(false);
            if (frames is not null && !End.IsCompleted)
            {
                TResponse? message = await ReadMessageAsync(frames).ConfigureAwait(false);
                if (message is not null)
                {
                    return message;
                }
                TryEnd(ResponseStatus.OfTrailers(Response!));
            }
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
        CallEnd end = await End.ConfigureAwait(false);
        return end.Status.StatusCode == StatusCode.OK ? null : throw ToException(end);
    }

    protected override void OnEnded(CallEnd end)
    {
        _content!.Abandon();
        _frames.TrySetResult(null);
        if (end.Status.StatusCode != StatusCode.OK && _response.TrySetException(ToException(end)))
        {
            // A caller that only wants the status, or disposed of the call, never awaits the response.
            _ = _response.Task.Exception;
        }
    }

    private async Task RunAsync(CallContent content, TimeSpan? timeout)
    {
        try
        {
            await ExchangeAsync(content, timeout).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private async Task ExchangeAsync(CallContent content, TimeSpan? timeout)
    {
        HttpRequestMessage request = await CallRequest.CreateAsync(this, content, timeout).ConfigureAwait(false);
        HttpResponseMessage response = await Channel.SendAsync(request, Ended).ConfigureAwait(false);
        Keep(response);
        SetHeaders(ResponseStatus.ReadMetadata(response.Headers));
        if (ResponseStatus.EndsWithHeaders(response) is { } end)
        {
            TryEnd(end);
            return;
        }
        string? encoding = ResponseStatus.ReadEncoding(response);
        if (!Channel.Codecs.TryFind(encoding, out ICompressionProvider? codec))
        {
            Fail(new Status(StatusCode.Internal, $"The server compresses with '{encoding}', which this client does not know."));
            return;
        }
        Stream body = await response.Content.ReadAsStreamAsync(Ended).ConfigureAwait(false);
        // Zero-byte reads: while a stream is silent, no buffer waits for it.
        PipeReader pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: ReadSize, useZeroByteReads: true));
        var frames = new FrameReader(pipe, Channel.Options.MaxReceiveMessageSize) { Codec = codec };
        if (HasOneResponse)
        {
            await ReadOnlyResponseAsync(frames).ConfigureAwait(false);
        }
        else
        {
            _frames.TrySetResult(frames);
        }
    }

    private async Task ReadOnlyResponseAsync(FrameReader frames)
    {
        TResponse? message = await ReadMessageAsync(frames).ConfigureAwait(false);
        if (message is not null && await ReadMessageAsync(frames).ConfigureAwait(false) is not null)
        {
            Fail(new Status(StatusCode.Internal, "The server sent more than the one response."));
            return;
        }
        CallEnd end = ResponseStatus.OfTrailers(Response!);
        if (message is null && end.Status.StatusCode == StatusCode.OK)
        {
            end = end with { Status = new Status(StatusCode.Internal, "The server ended the call without a response.") };
        }
        // The end first: who awaits the response may ask for status and trailers then.
        if (TryEnd(end) && end.Status.StatusCode == StatusCode.OK)
        {
            _response.TrySetResult(message!);
        }
    }

    /// <returns>Null at the end of the stream.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResponse?> ReadMessageAsync(FrameReader frames)
    {
        ReadOutcome outcome = await frames.ReadAsync(Ended).ConfigureAwait(false);
        switch (outcome)
        {
            case ReadOutcome.Message:
                return Take(frames);
            case ReadOutcome.End:
                await frames.CompleteAsync().ConfigureAwait(false);
                return null;
            default:
                throw new RpcException(outcome.ToStatus(Channel.Options.MaxReceiveMessageSize));
        }
    }

    private TResponse Take(FrameReader frames)
    {
        try
        {
            return frames.Take(_method.ResponseMarshaller);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Unusable("The response cannot be deserialized.", failure);
        }
    }

    /// <summary>
    /// What a marshaller throws may look like a failure of the line (protobuf's derives from <see cref="IOException"/>), and would be tried
    /// again for ever.
    /// </summary>
    private static RpcException Unusable(string what, Exception why) =>
        new(new Status(StatusCode.Internal, $"{what} {why.Message}", why));
}
