using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// Writes requests. A write is complete when the <see cref="RequestPump"/> has room for the next one. That has room as long as HTTP/2 flow
/// control lets bytes go into the connection, so that a server that stops reading stops the writer too.
/// </summary>
internal sealed class RequestStreamWriter<TRequest, TResponse>(GrpcCall<TRequest, TResponse> call, RequestStreamContent content)
    : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly RequestPump _pump = new(content, call.CreateWriter, call.Ended);
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
            if (cancellationToken.IsCancellationRequested)
            {
                Cancel(call);
            }
            if (call.End.IsCompleted)
            {
                throw call.ToException(call.End.Result);
            }
            ValueTask taken = Send(message);
            if (!taken.IsCompletedSuccessfully)
            {
                await WaitAsync(taken, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    public async Task CompleteAsync()
    {
        Claim("A message is being written: await it before the stream is completed.");
        try
        {
            if (!_isComplete)
            {
                _isComplete = true;
                await _pump.CompleteAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private static void Cancel(object? call) => ((GrpcCall)call!).Cancel("The caller cancelled a write.");

    private ValueTask Send(TRequest message)
    {
        WriteOptions? options = WriteOptions;
        FrameWriter frames = _pump.BeginMessage();
        try
        {
            call.Frame(frames, message, options);
        }
        catch
        {
            // What was written before goes on its way; how that fares, the next write or the response will tell.
            _pump.AbandonMessage();
            throw;
        }
        return _pump.EndMessageAsync(mayWait: ((options?.Flags ?? 0) & WriteFlags.BufferHint) != 0);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitAsync(ValueTask taken, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(Cancel, call);
        try
        {
            await taken.ConfigureAwait(false);
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
