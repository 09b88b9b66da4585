using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// Writes requests. A write is complete when HTTP/2 flow control let the last byte go into the connection, so that a server that stops
/// reading stops the writer too.
/// </summary>
internal sealed class RequestStreamWriter<TRequest, TResponse>(GrpcCall<TRequest, TResponse> call, RequestStreamContent content)
    : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly FrameWriter _frames = call.CreateWriter();
    private int _isBusy;
    private bool _isComplete;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        Claim("A message is being written: await it before the next one.");
        try
        {
            if (_isComplete)
            {
                throw new InvalidOperationException("The stream of requests is complete.");
            }
            if (call.End.IsCompleted)
            {
                throw call.ToException(call.End.Result);
            }
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static call => ((GrpcCall)call!).Cancel("The caller cancelled a write."), call);
            ReadOnlyMemory<byte> frame = call.Frame(_frames, message, WriteOptions);
            await SendAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            _frames.Release();
            Volatile.Write(ref _isBusy, 0);
        }
    }

    public Task CompleteAsync()
    {
        Claim("A message is being written: await it before the stream is completed.");
        _isComplete = true;
        content.Complete();
        Volatile.Write(ref _isBusy, 0);
        return Task.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            Stream stream = await content.OpenAsync().ConfigureAwait(false);
            await stream.WriteAsync(frame, call.Ended).ConfigureAwait(false);
            if (((WriteOptions?.Flags ?? 0) & WriteFlags.BufferHint) == 0)
            {
                await stream.FlushAsync(call.Ended).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            throw await ToEndAsync(failure).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A write fails because the call ended, but the transport does not say how. Where the call reads its own response, the real status
    /// is on its way and worth waiting for; with a response stream it is the reader who finds it.
    /// </summary>
    private async Task<Exception> ToEndAsync(Exception failure)
    {
        if (call.Method.Type == MethodType.ClientStreaming || call.End.IsCompleted)
        {
            return call.ToException(await call.End.ConfigureAwait(false));
        }
        return new RpcException(FailureStatus.Of(failure));
    }

    private void Claim(string otherwise)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
