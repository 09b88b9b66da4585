using System.Net;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// A body that a <see cref="RequestStreamWriter{TRequest, TResponse}"/> writes into: the transport calls, gets its headers flushed, and
/// waits here until the writer is done.
/// </summary>
internal sealed class RequestStreamContent : CallContent
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isUsed;

    /// <summary>The stream to write into, once the transport is ready for it.</summary>
    public async ValueTask<Stream> OpenAsync()
    {
        while (true)
        {
            Task<Stream> opened;
            lock (_gate)
            {
                opened = _opened.Task;
                _isUsed |= opened.IsCompletedSuccessfully;
            }
            if (opened.IsCompleted)
            {
                return await opened.ConfigureAwait(false);
            }
            await opened.ConfigureAwait(false);
        }
    }

    /// <summary>Ends the stream of requests.</summary>
    public void Complete() => _done.TrySetResult();

    public override void Abandon()
    {
        lock (_gate)
        {
            _opened.TrySetCanceled();
        }
        // Where the stream of requests was not complete, this makes the transport reset it instead of ending it.
        if (_done.TrySetCanceled())
        {
            _ = _done.Task.Exception;
        }
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Headers wait for the first body bytes otherwise, and the server's early headers would wait for ours.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_isUsed)
            {
                // The transport starts over on another connection, but what was written is gone: the caller has to start over.
                throw new IOException("The connection was lost after requests had been sent.");
            }
            if (_opened.Task.IsCompletedSuccessfully)
            {
                _opened = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            _opened.TrySetResult(stream);
        }
        await _done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
