using System.Globalization;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>edge.v1.Ingest: lets a session in, answers at once with headers, and turns its end into a receipt or a status.</summary>
internal sealed partial class IngestService(
    IngestOptions options,
    DeviceGate gate,
    IReadingStore store,
    StoreQueue queue,
    StoreHealth health,
    SessionAdmission admission,
    RequestBoard requests,
    IngestMetrics metrics,
    Configurations configs,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<IngestService> logger) : Protocol.V1.Ingest.IngestBase
{
    private static readonly SessionEnd NoOpen = new(SessionOutcome.ProtocolViolated, "The session has no SessionOpen.");

    private readonly Predecessors _predecessors = new(store, queue, options, time);
    private readonly RetryAfter _retryAfter = new(options, Random.Shared);

    public override async Task<UploadReceipt> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context)
    {
        using DeviceCall call = gate.Enter(context);
        string device = call.Device;
        if (admission.Enter(device) is { } full)
        {
            throw Failure(device, new SessionEnd(SessionOutcome.Overloaded, full));
        }
        metrics.SessionBegan();
        SessionOutcome outcome = SessionOutcome.Disconnected;
        try
        {
            using var reader = new UploadReader(
                requestStream, options.IdleTimeout, options.SessionTimeout, time, call.Ended, lifetime.ApplicationStopping);
            (SessionEnd end, UploadReceipt? receipt) = await RunAsync(device, reader, context);
            if (end.Outcome == SessionOutcome.Disconnected && call.Refusal is { } refusal)
            {
                end = new SessionEnd(SessionOutcome.Refused, refusal.Detail);
            }
            outcome = end.Outcome;
            return receipt ?? throw Failure(device, end);
        }
        finally
        {
            metrics.SessionEnded(outcome);
            admission.Leave(device);
        }
    }

    private async Task<(SessionEnd, UploadReceipt?)> RunAsync(string device, UploadReader reader, ServerCallContext context)
    {
        try
        {
            if (await reader.ReadAsync() is not LineOutcome.Message and var line)
            {
                return (line == LineOutcome.End ? NoOpen : EndOf(line), null);
            }
            SessionOpen? open = reader.Current.Open;
            if (Violation(open) is { } violation)
            {
                return (new SessionEnd(SessionOutcome.ProtocolViolated, violation), null);
            }
            if (!health.IsServing)
            {
                return (UploadSession.StoreFailing, null);
            }
            var source = new SourceKey(device, new Guid(open!.SpoolId.Span, bigEndian: true), open.Lane);
            ulong durableThrough = await store.ReadDurableThroughAsync(source, context.CancellationToken);
            Metadata headers = IngestHeaders.Opening(durableThrough, options, open.ClockState, time.GetUtcNow());
            configs.AddHint(headers, device);
            if (requests.IsWaitedFor(device))
            {
                headers.Add(IngestHeaders.SessionWanted, "1");
            }
            await context.WriteResponseHeadersAsync(headers);

            using var session = new UploadSession(source, open, durableThrough, options, queue, _predecessors, time);
            SessionEnd end = await ReceiveAsync(session, reader);
            return (end, end.Outcome == SessionOutcome.Received ? Receipt(session) : null);
        }
        catch (StoreUnavailableException failure)
        {
            return (new SessionEnd(SessionOutcome.StoreFailing, failure.Message), null);
        }
    }

    /// <summary>Whatever ends the session, what came before is stored first, so that no line is too bad to make progress on.</summary>
    private static async Task<SessionEnd> ReceiveAsync(UploadSession session, UploadReader reader)
    {
        while (true)
        {
            LineOutcome line;
            try
            {
                line = await reader.ReadAsync();
            }
            catch (RpcException refused)
            {
                // A message that gRPC itself refuses, such as one beyond its size limit, has its status already; which one it is only the session knows.
                ulong sequence = session.Unread;
                _ = await session.FlushAsync(reader.Ended);
                throw refused.StatusCode == StatusCode.ResourceExhausted ? new RpcException(refused.Status, Naming(sequence)) : refused;
            }
            SessionEnd? end = line switch
            {
                LineOutcome.Message => await session.TakeAsync(reader.Current, reader.Ended),
                LineOutcome.Undecodable => session.RefuseUnread(),
                _ => EndOf(line),
            };
            if (end is { } reached)
            {
                SessionEnd? failure = await session.FlushAsync(reader.Ended);
                return reached.Outcome == SessionOutcome.Received && failure is { } instead ? instead : reached;
            }
        }
    }

    private static SessionEnd EndOf(LineOutcome line) => line switch
    {
        LineOutcome.Undecodable => new SessionEnd(SessionOutcome.ProtocolViolated, "The first message is not an UploadRequest in protobuf."),
        LineOutcome.TooSlow => new SessionEnd(SessionOutcome.TooSlow, "The session was silent for too long, or too long altogether."),
        LineOutcome.Disconnected => new SessionEnd(SessionOutcome.Disconnected, "The connection broke."),
        LineOutcome.Stopping => new SessionEnd(SessionOutcome.Stopping, "The service stops. Try again."),
        _ => new SessionEnd(SessionOutcome.Received),
    };

    private static string? Violation(SessionOpen? open)
    {
        if (open is null)
        {
            return "The first message must be SessionOpen.";
        }
        if (open.SpoolId.Length != 16)
        {
            return $"spool_id has {open.SpoolId.Length} bytes, not 16.";
        }
        if (open.Lane is not (Lane.Alarm or Lane.Live or Lane.Backlog))
        {
            return $"lane {(int)open.Lane} is none of alarm, live and backlog.";
        }
        if (open.FirstSequence is 0 or > SequenceRule.Last)
        {
            return $"first_sequence {open.FirstSequence} is not from 1 to 2^63 - 1.";
        }
        // An unbounded text would be kept with the device.
        if (open.AgentVersion.Length > 100)
        {
            return $"agent_version has {open.AgentVersion.Length} characters, not at most 100.";
        }
        return open.Dictionaries.SelectMany(dictionary => dictionary.Definitions)
            .Select(SeriesDefinitionRules.Violation).FirstOrDefault(found => found is not null);
    }

    private UploadReceipt Receipt(UploadSession session) => new()
    {
        DurableThrough = session.DurableThrough,
        RateBytesPerSecond = (ulong)options.RateBytesPerSecond,
        ServerTimeUnixNanoseconds = time.GetUtcNow().ToUnixNanoseconds(),
        RecordsStored = session.RecordsStored,
        RecordsSkipped = session.RecordsSkipped,
        ReadingsStored = session.ReadingsStored,
    };

    private RpcException Failure(string device, SessionEnd end)
    {
        Metadata trailers = [];
        if (end.Outcome == SessionOutcome.RecordRefused)
        {
            trailers = Naming(end.RefusedSequence);
            Log.Refused(logger, device, end.Message);
        }
        else
        {
            _retryAfter.AddTo(trailers, end.Outcome);
            Log.Ended(logger, device, end.Outcome, end.Message);
        }
        return new RpcException(new Status(end.StatusCode, end.Message), trailers);
    }

    private static Metadata Naming(ulong refused) => new() { { IngestHeaders.RefusedSequence, refused.ToString(CultureInfo.InvariantCulture) } };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Device {Device} sent a record that is refused and will set it aside: {Reason}")]
        public static partial void Refused(ILogger logger, string device, string reason);

        [LoggerMessage(LogLevel.Information, "A session of device {Device} ended as {Outcome}: {Message}")]
        public static partial void Ended(ILogger logger, string device, SessionOutcome outcome, string message);
    }
}
