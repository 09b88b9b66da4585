using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Grpc.Core;

namespace EdgeAgent.RemoteSession;

/// <summary>How a session came to its end in order.</summary>
internal enum SessionOutcome
{
    /// <summary>The service ended it, or nobody asked anything for a while where that is a reason.</summary>
    Ended,

    /// <summary>The service does not keep to session.proto: a request that is too large, or one too many at once.</summary>
    Violated,

    /// <summary>The process ends.</summary>
    Stopped,
}

/// <summary>One session: the hello, and then requests and their answers, each answer as soon as it is there.</summary>
internal sealed class SessionCall : IDisposable
{
    /// <summary>64 KiB, as session.proto says.</summary>
    private const int RequestBytes = 64 * 1024;

    /// <summary>What is answered still leaves when the process ends; the service closes its side at once.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly AsyncDuplexStreamingCall<DeviceMessage, ServiceMessage> _call;
    private readonly RequestDesk _desk;
    private readonly UplinkOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly RequestPace _pace = new();
    private readonly long _opened;
    private Task<bool> _next = Task.FromResult(true); // what is being read, also where nobody waits for it any more
    private int _open;                                // requests without an answer

    public SessionCall(IngestClient client, RequestDesk desk, UplinkOptions options, TimeProvider time)
    {
        (Client, _desk, _options, _time, _opened) = (client, desk, options, time, time.GetTimestamp());
        _call = new Remote.RemoteClient(client.Invoker).Session(new CallOptions());
    }

    public IngestClient Client { get; }

    /// <summary>For how long it has been there.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_opened);

    /// <summary>Says hello. Back when the service has let it in.</summary>
    /// <exception cref="RpcException">It has not.</exception>
    /// <exception cref="TimeoutException">Nobody answers on this connection.</exception>
    public async Task OpenAsync(string version, CancellationToken stopping)
    {
        var hello = new SessionHello { AgentVersion = version };
        hello.Allowed.Add(_desk.Allowed.Words);
        if (!await IsLetInAsync(hello, stopping).ConfigureAwait(false))
        {
            // Whoever reads is told why.
            await _call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_options.ConnectTimeout, _time, stopping).ConfigureAwait(false);
            throw new RpcException(new Status(StatusCode.Unimplemented, "Whoever answers is no service that asks devices."));
        }
    }

    /// <summary>Answers until one side ends.</summary>
    /// <param name="linger">How long it is kept while nobody asks.</param>
    /// <param name="stopping">The process ends.</param>
    /// <exception cref="RpcException">The line or the service failed.</exception>
    public async Task<SessionOutcome> RunAsync(TimeSpan linger, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(WholeMilliseconds.Of(_pace.Take(_time.GetElapsedTime(_opened))), _time, stopping).ConfigureAwait(false);
                if (!await NextAsync(linger, stopping).ConfigureAwait(false))
                {
                    return SessionOutcome.Ended;
                }
                if (_call.ResponseStream.Current.Request is not { } request)
                {
                    // What a newer service may say beside requests.
                    continue;
                }
                if (request.CalculateSize() > RequestBytes || Interlocked.Increment(ref _open) > RequestDesk.MostUnderWay)
                {
                    return SessionOutcome.Violated;
                }
                _ = AnswerAsync(request, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await LeaveAsync().ConfigureAwait(false);
            return SessionOutcome.Stopped;
        }
    }

    /// <summary>Whatever is under way is given up.</summary>
    public void Dispose() => _call.Dispose();

    /// <returns>False where the call has failed, or ended with its first headers: a refusal may look like that.</returns>
    private async Task<bool> IsLetInAsync(SessionHello hello, CancellationToken stopping)
    {
        try
        {
            await _call.RequestStream.WriteAsync(new DeviceMessage { Hello = hello }, CancellationToken.None).WaitAsync(_options.ConnectTimeout, _time, stopping)
                .ConfigureAwait(false);
            Metadata headers = await _call.ResponseHeadersAsync.WaitAsync(_options.ConnectTimeout, _time, stopping).ConfigureAwait(false);
            return headers.GetValue("edge-session") is not null;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    /// <returns>False where the session is over.</returns>
    private async Task<bool> NextAsync(TimeSpan linger, CancellationToken stopping)
    {
        Task<bool> next = _next = _call.ResponseStream.MoveNext(CancellationToken.None);
        while (linger != Timeout.InfiniteTimeSpan)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            Task pause = Task.Delay(linger, _time, over.Token);
            bool isAsked = await Task.WhenAny(next, pause).ConfigureAwait(false) == next;
            await over.CancelAsync().ConfigureAwait(false);
            stopping.ThrowIfCancellationRequested();
            if (isAsked)
            {
                break;
            }
            if (Volatile.Read(ref _open) == 0)
            {
                await CompleteAsync(_options.WriteTimeout, stopping).ConfigureAwait(false);
                return await next.WaitAsync(_options.ReceiptTimeout, _time, stopping).ConfigureAwait(false);
            }
        }
        return await next.WaitAsync(stopping).ConfigureAwait(false);
    }

    private async Task AnswerAsync(RemoteRequest request, CancellationToken stopping)
    {
        RequestResult result = await _desk.AnswerAsync(request, stopping).ConfigureAwait(false);
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            // Before it leaves: the service may ask the next as soon as it has this.
            Interlocked.Decrement(ref _open);
            await _call.RequestStream.WriteAsync(new DeviceMessage { Answer = result.Answer }, CancellationToken.None).WaitAsync(_options.WriteTimeout, _time, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or TimeoutException or InvalidOperationException or IOException or OperationCanceledException)
        {
            // The session is over, which whoever reads it is told. Nothing follows: the service says that nobody knows.
            _call.Dispose();
            return;
        }
        finally
        {
            _writing.Release();
        }
        result.Then?.Invoke();
    }

    /// <summary>Behind the last answer: it may be leaving still.</summary>
    private async Task CompleteAsync(TimeSpan timeout, CancellationToken stopping)
    {
        await _writing.WaitAsync(stopping).WaitAsync(timeout, _time, stopping).ConfigureAwait(false);
        try
        {
            await _call.RequestStream.CompleteAsync().WaitAsync(timeout, _time, stopping).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            await CompleteAsync(Farewell, CancellationToken.None).ConfigureAwait(false);
            // What is asked now is read and left: the service says that nobody knows.
            while (await _next.WaitAsync(Farewell).ConfigureAwait(false))
            {
                _next = _call.ResponseStream.MoveNext(CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is RpcException or TimeoutException or InvalidOperationException or IOException or OperationCanceledException)
        {
            // It would have ended now in any case.
        }
    }
}
