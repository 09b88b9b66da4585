using System.Globalization;
using Grpc.Core;

namespace EdgeAgent.Uplink;

/// <summary>
/// When a service that refuses a session wants to be asked again, from the trailers of the refusal:
/// <code>
/// edge-retry-after-ms     := decimal          the contract's
/// grpc-retry-pushback-ms  := decimal          gRPC's own (A6), where the first is missing; a negative one is an order never to retry, which no device obeys
/// </code>
/// </summary>
internal static class RetryHint
{
    /// <returns>Zero where nothing was asked that makes sense.</returns>
    public static TimeSpan Read(Metadata trailers) =>
        ulong.TryParse(
            trailers.GetValue("edge-retry-after-ms") ?? trailers.GetValue("grpc-retry-pushback-ms"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out ulong milliseconds)
            ? RequestedWait.Bounded(milliseconds)
            : TimeSpan.Zero;
}
