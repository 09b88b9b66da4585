namespace Grpc.Core;

/// <summary>
/// What the four kinds of call have in common: five functions over one state object, so that a call allocates no closures.
/// </summary>
internal readonly struct CallState(
    Func<object, Task<Metadata>> responseHeaders,
    Func<object, Status> getStatus,
    Func<object, Metadata> getTrailers,
    Action<object> dispose,
    object state)
{
    public CallState(Task<Metadata> responseHeaders, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
        : this(
            static functions => ((Functions)functions).ResponseHeaders,
            static functions => ((Functions)functions).GetStatus(),
            static functions => ((Functions)functions).GetTrailers(),
            static functions => ((Functions)functions).Dispose(),
            new Functions(responseHeaders, getStatus, getTrailers, dispose))
    {
    }

    public Task<Metadata> ResponseHeadersAsync => responseHeaders(state);

    public Status GetStatus() => getStatus(state);

    public Metadata GetTrailers() => getTrailers(state);

    public void Dispose() => dispose(state);

    private sealed record Functions(Task<Metadata> ResponseHeaders, Func<Status> GetStatus, Func<Metadata> GetTrailers, Action Dispose);
}
