using System.Globalization;
using EdgeAgent.Ingestion.Hosting;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>
/// Says with a refusal for load when to come again: drawn anew for each session, so that those who are turned away in one moment do not come back in one.
/// <code>edge-retry-after-ms := decimal          a trailer; at least this long</code>
/// </summary>
internal sealed class RetryAfter(IngestOptions options, Random random)
{
    /// <summary>Adds the trailer where the outcome is one that passes and waiting helps.</summary>
    public void AddTo(Metadata trailers, SessionOutcome outcome)
    {
        if (outcome is SessionOutcome.Overloaded or SessionOutcome.StoreFailing or SessionOutcome.Stopping && options.RetrySpread > TimeSpan.Zero)
        {
            // Never nothing: to a device that means that nobody asked it to wait.
            double milliseconds = options.RetrySpread.TotalMilliseconds * (0.1 + (0.9 * random.NextDouble()));
            trailers.Add(IngestHeaders.RetryAfter, Math.Max(1, (long)milliseconds).ToString(CultureInfo.InvariantCulture));
        }
    }
}
