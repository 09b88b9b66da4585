using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Framing;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Reads requests when the handler asks for them; while it does not, HTTP/2 flow control holds the client back.</summary>
internal sealed class RequestStreamReader<TRequest>(HttpServerCall call, Marshaller<TRequest> marshaller) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private int _isBusy;
    private bool _isAtEnd;

    public TRequest Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            throw new InvalidOperationException("A message is being read: await it before the next one.");
        }
        try
        {
            // Nothing of the last message is kept alive while the next one is waited for.
            Current = null!;
            Current = (await ReadAsync(cancellationToken).ConfigureAwait(false))!;
            return Current is not null;
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <summary>Reads the one request of a call that has one.</summary>
    public async ValueTask<TRequest> ReadOnlyAsync()
    {
        TRequest request = await ReadAsync(CancellationToken.None).ConfigureAwait(false)
            ?? throw new RpcException(new Status(StatusCode.Internal, "The call carries no request."));
        return await ReadAsync(CancellationToken.None).ConfigureAwait(false) is null
            ? request
            : throw new RpcException(new Status(StatusCode.Internal, "The call carries more than the one request."));
    }

    /// <returns>Null at the end of the stream.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
        {
            return null;
        }
        ReadOutcome outcome = await call.ReadFrameAsync(cancellationToken).ConfigureAwait(false);
        switch (outcome)
        {
            case ReadOutcome.Message:
                return call.Frames.Take(marshaller);
            case ReadOutcome.End:
                _isAtEnd = true;
                return null;
            default:
                throw new RpcException(outcome.ToStatus(call.Settings.MaxReceiveMessageSize));
        }
    }
}
