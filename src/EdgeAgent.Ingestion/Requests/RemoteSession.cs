using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>
/// One session with a device, after its hello: two pumps, one that hands over what waits for it, and one that takes answers. Each request is sent once, and an
/// answer counts only for a request of this session that is under way; so nobody answers for another device, and nobody twice.
/// </summary>
internal sealed class RemoteSession(string device, long number, SessionBook book, TimeProvider time) : IDisposable
{
    /// <summary>As session.proto says: a device with one bus has no use for more.</summary>
    private const int MostUnderWay = 4;

    /// <summary>For a request to leave: 64 KiB on the slowest line in use take a minute.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, long> _underWay = []; // and until which timestamp they are waited for
    private readonly SemaphoreSlim _wake = new(1);
    private readonly CancellationTokenSource _superseded = new();
    private int _late; // answers that may still come of requests that were given up

    public string Device => device;

    public long Number => number;

    /// <summary>There may be something for this device. Any thread.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    /// <summary>A newer session has begun. Any thread.</summary>
    public void Supersede() => ThreadPool.UnsafeQueueUserWorkItem(static session => session.CancelSafely(), this, preferLocal: false);

    /// <summary>Until one side ends.</summary>
    /// <param name="incoming">Behind the hello.</param>
    /// <param name="outgoing">To the device.</param>
    /// <param name="ended">The device has gone, or may not call any more.</param>
    /// <param name="stopping">The service stops.</param>
    public async Task<SessionEnd> RunAsync(
        IAsyncStreamReader<DeviceMessage> incoming, IServerStreamWriter<ServiceMessage> outgoing, CancellationToken ended, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ended, stopping, _superseded.Token);
        Task<SessionEnd> sending = BoundedAsync(SendAsync(outgoing, over.Token), ended, stopping);
        Task<SessionEnd> receiving = BoundedAsync(ReceiveAsync(incoming, over.Token), ended, stopping);
        SessionEnd end = await await Task.WhenAny(sending, receiving);
        await over.CancelAsync();
        await Task.WhenAll(sending, receiving);
        return end;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _superseded.Dispose();
        }
        _wake.Dispose();
    }

    private void CancelSafely()
    {
        lock (_gate)
        {
            try
            {
                _superseded.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself.
            }
        }
    }

    private async Task<SessionEnd> BoundedAsync(Task<SessionEnd> pump, CancellationToken ended, CancellationToken stopping)
    {
        try
        {
            return await pump;
        }
        // A broken line shows in whatever way the transport noticed it first.
        catch (Exception) when (ended.IsCancellationRequested)
        {
            return SessionEnd.Disconnected;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return SessionEnd.Stopping;
        }
        catch (Exception) when (_superseded.IsCancellationRequested)
        {
            return SessionEnd.Superseded;
        }
        catch (StoreUnavailableException)
        {
            return SessionEnd.StoreFailing;
        }
        catch (TimeoutException)
        {
            return SessionEnd.TooSlow;
        }
        // What is no protobuf, which is an IOException too, and what gRPC itself refuses, such as a message beyond its limit.
        catch (Exception refused) when (refused is InvalidProtocolBufferException or RpcException)
        {
            return SessionEnd.ProtocolViolated;
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            return SessionEnd.Disconnected;
        }
    }

    private async Task<SessionEnd> SendAsync(IServerStreamWriter<ServiceMessage> outgoing, CancellationToken over)
    {
        while (true)
        {
            await _wake.WaitAsync(over);
            int room = Room();
            if (room == 0)
            {
                continue;
            }
            if (book.Take(device, number, room) is not { } requests)
            {
                return SessionEnd.Superseded;
            }
            foreach (RemoteRequest request in requests)
            {
                // Less than the table's, so that there is room again when that is given up.
                TimeSpan patience = TimeSpan.FromMilliseconds(request.DeadlineMilliseconds) + (SessionBook.OnTheWay / 2);
                lock (_gate)
                {
                    _underWay.Add(request.Id, time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency));
                }
                await outgoing.WriteAsync(new ServiceMessage { Request = request }, over).WaitAsync(WriteTimeout, time, over);
            }
        }
    }

    private async Task<SessionEnd> ReceiveAsync(IAsyncStreamReader<DeviceMessage> incoming, CancellationToken over)
    {
        while (await incoming.MoveNext(over))
        {
            RemoteAnswer? answer = incoming.Current.Answer;
            if (!MessageBounds.IsAnswer(answer))
            {
                return SessionEnd.ProtocolViolated;
            }
            bool isAwaited;
            lock (_gate)
            {
                isAwaited = _underWay.Remove(answer!.Id);
                if (!isAwaited && _late-- <= 0)
                {
                    return SessionEnd.ProtocolViolated;
                }
            }
            if (isAwaited)
            {
                book.Answer(answer);
                Wake();
            }
        }
        return SessionEnd.Ended;
    }

    /// <summary>How many more may be under way. Those that nobody waits for any more are not.</summary>
    private int Room()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            foreach ((ulong id, long until) in _underWay)
            {
                if (until <= now)
                {
                    _underWay.Remove(id);
                    _late++;
                }
            }
            return MostUnderWay - _underWay.Count;
        }
    }
}
