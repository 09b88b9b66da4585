using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>What the line says next.</summary>
internal enum LineOutcome
{
    /// <summary>A message came.</summary>
    Message,

    /// <summary>The device has said everything.</summary>
    End,

    /// <summary>A message came that is no protobuf, or not this one.</summary>
    Undecodable,

    /// <summary>Nothing came in time.</summary>
    TooSlow,

    /// <summary>The connection broke, or the device gave up.</summary>
    Disconnected,

    /// <summary>The service stops.</summary>
    Stopping,
}

/// <summary>Reads a session's messages, bounded in time, and turns what can happen to a line into outcomes.</summary>
internal sealed class UploadReader : IDisposable
{
    private readonly IAsyncStreamReader<UploadRequest> _requests;
    private readonly CancellationToken _connection;
    private readonly CancellationToken _stopping;
    private readonly TimeSpan _idle;
    private readonly TimeSpan _total;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _any;

    public UploadReader(
        IAsyncStreamReader<UploadRequest> requests, TimeSpan idle, TimeSpan total, TimeProvider time, CancellationToken connection,
        CancellationToken stopping)
    {
        (_requests, _idle, _total, _time, _connection, _stopping) = (requests, idle, total, time, connection, stopping);
        _started = time.GetTimestamp();
        _deadline = new CancellationTokenSource(idle, time);
        _any = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, connection, stopping);
    }

    public UploadRequest Current => _requests.Current;

    /// <summary>Ends with the connection, the time that is granted, or the service.</summary>
    public CancellationToken Ended => _any.Token;

    public async ValueTask<LineOutcome> ReadAsync()
    {
        TimeSpan left = _total - _time.GetElapsedTime(_started);
        _deadline.CancelAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left < _idle ? left : _idle);
        try
        {
            return await _requests.MoveNext(_any.Token) ? LineOutcome.Message : LineOutcome.End;
        }
        // A broken line shows in whatever way the transport noticed it first.
        catch (Exception) when (_connection.IsCancellationRequested)
        {
            return LineOutcome.Disconnected;
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return LineOutcome.Stopping;
        }
        catch (Exception) when (_deadline.IsCancellationRequested)
        {
            return LineOutcome.TooSlow;
        }
        // Which is an IOException too, and is no fault of the line: it would come again with every session.
        catch (InvalidProtocolBufferException)
        {
            return LineOutcome.Undecodable;
        }
        catch (IOException)
        {
            return LineOutcome.Disconnected;
        }
    }

    public void Dispose()
    {
        _any.Dispose();
        _deadline.Dispose();
    }
}
