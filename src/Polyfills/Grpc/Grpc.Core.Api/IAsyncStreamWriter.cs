namespace Grpc.Core;

/// <summary>A stream of messages to the other side.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How the next messages are written.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes one message; complete when the transport has taken its bytes. One at a time.</summary>
    Task WriteAsync(T message);

    /// <summary>Writes one message; complete when the transport has taken its bytes. Cancelling it cancels the call.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            throw new NotSupportedException("This stream writer cannot cancel a write.");
        }
        return WriteAsync(message);
    }
}

/// <summary>The stream of requests, as a client writes it.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the stream of requests. Responses may go on.</summary>
    Task CompleteAsync();
}

/// <summary>The stream of responses, as a server writes it. It ends when the handler returns.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}
