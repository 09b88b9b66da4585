using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads the responses of a stream, one at a time, as fast as the caller asks for them.</summary>
internal sealed class ResponseStreamReader<TRequest, TResponse>(GrpcCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private int _isBusy;

    public TResponse Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            throw new InvalidOperationException("A message is being read: await it before the next one.");
        }
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static call => ((GrpcCall)call!).Cancel("The caller cancelled a read."), call);
            // Nothing of the last message is kept alive while the next one is waited for.
            Current = null!;
            Current = (await call.ReadAsync().ConfigureAwait(false))!;
            return Current is not null;
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }
}
