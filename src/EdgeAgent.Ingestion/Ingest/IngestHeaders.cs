using System.Globalization;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>The metadata of an upload session, as ingest.proto names it.</summary>
internal static class IngestHeaders
{
    public const string DurableThrough = "edge-durable-through";
    public const string RateBytesPerSecond = "edge-rate-bytes-per-second";
    public const string BacklogStartAfter = "edge-backlog-start-after-ms";
    public const string AcceptEncodings = "edge-accept-encodings";
    public const string ServerTime = "edge-server-time";
    public const string RefusedSequence = "edge-refused-sequence";
    public const string RetryAfter = "edge-retry-after-ms";

    /// <summary>Of an upload, 1: somebody waits for a session of the device (session.proto); absent: nobody does. Of a session, 1: it is let in.</summary>
    public const string SessionWanted = "edge-session";

    /// <param name="durableThrough">The watermark.</param>
    /// <param name="options">What devices are asked to keep to.</param>
    /// <param name="clock">Of the device: one that is right need not be told the time in each session.</param>
    /// <param name="now">The time.</param>
    public static Metadata Opening(ulong durableThrough, IngestOptions options, ClockState clock, DateTimeOffset now)
    {
        var headers = new Metadata
        {
            { DurableThrough, durableThrough.ToString(CultureInfo.InvariantCulture) },
            { BacklogStartAfter, ((long)options.BacklogStartAfter.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) },
            { AcceptEncodings, "gzip,br" },
        };
        if (clock != ClockState.Synchronized)
        {
            headers.Add(ServerTime, now.ToUnixNanoseconds().ToString(CultureInfo.InvariantCulture));
        }
        if (options.RateBytesPerSecond > 0)
        {
            headers.Add(RateBytesPerSecond, options.RateBytesPerSecond.ToString(CultureInfo.InvariantCulture));
        }
        return headers;
    }
}
