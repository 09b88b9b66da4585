using System.Globalization;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>edge.v1.Remote: lets a device's session in, and turns its end into a status.</summary>
internal sealed partial class RemoteService(
    DeviceGate gate, RequestBoard board, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<RemoteService> logger) : Remote.RemoteBase
{
    /// <summary>As long as uploads are given: the slowest line in use takes 8 s for its first bytes.</summary>
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(20);

    private readonly SessionPace _pace = new(time);

    public override async Task Session(
        IAsyncStreamReader<DeviceMessage> requestStream, IServerStreamWriter<ServiceMessage> responseStream, ServerCallContext context)
    {
        using DeviceCall call = gate.Enter(context);
        SessionEnd end = _pace.TryBegin(call.Device) ? await RunAsync(call, requestStream, responseStream, context) : SessionEnd.TooOften;
        if (end != SessionEnd.Ended)
        {
            Log.Ended(logger, call.Device, end);
            Metadata trailers = end != SessionEnd.TooOften ? []
                : new Metadata { { IngestHeaders.RetryAfter, SessionPace.Within.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) } };
            throw new RpcException(end.Status(), trailers);
        }
    }

    private async Task<SessionEnd> RunAsync(
        DeviceCall call, IAsyncStreamReader<DeviceMessage> incoming, IServerStreamWriter<ServiceMessage> outgoing, ServerCallContext context)
    {
        try
        {
            if (await HelloAsync(incoming, call.Ended) is not { } hello)
            {
                return SessionEnd.ProtocolViolated;
            }
            using var session = new RemoteSession(call.Device, board.Sessions.Begin(call.Device, hello), board.Sessions, time);
            board.Enter(session);
            try
            {
                await context.WriteResponseHeadersAsync(new Metadata { { IngestHeaders.SessionWanted, "1" } });
                return await session.RunAsync(incoming, outgoing, call.Ended, lifetime.ApplicationStopping);
            }
            finally
            {
                board.Leave(session);
                board.Sessions.End(call.Device, session.Number);
            }
        }
        catch (TimeoutException)
        {
            return SessionEnd.TooSlow;
        }
        catch (StoreUnavailableException)
        {
            return SessionEnd.StoreFailing;
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            return SessionEnd.Disconnected;
        }
    }

    /// <returns>Null where the first message is none.</returns>
    private async Task<SessionHello?> HelloAsync(IAsyncStreamReader<DeviceMessage> incoming, CancellationToken ended)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ended, lifetime.ApplicationStopping);
        try
        {
            bool isThere = await incoming.MoveNext(stopping.Token).WaitAsync(HelloTimeout, time, stopping.Token);
            return isThere && MessageBounds.IsHello(incoming.Current.Hello) ? incoming.Current.Hello : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "A session for requests to device {Device} ended as {End}.")]
        public static partial void Ended(ILogger logger, string device, SessionEnd end);
    }
}
