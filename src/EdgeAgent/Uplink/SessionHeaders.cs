using System.Globalization;
using Grpc.Core;

namespace EdgeAgent.Uplink;

/// <summary>
/// What the service says as soon as a session is open:
/// <code>
/// edge-durable-through         := decimal          required
/// edge-rate-bytes-per-second   := decimal          absent: no limit
/// edge-backlog-start-after-ms  := decimal          absent: 0
/// edge-server-time             := decimal          nanoseconds since 1970-01-01T00:00:00Z; absent: the device said that it knows
/// edge-config                  := decimal          the newest revision of the configuration for this device; absent: none
/// edge-session                 := "1"              somebody waits for a session of this device (session.proto); absent: nobody
/// </code>
/// </summary>
/// <param name="DurableThrough">The last sequence of this spool and lane that is stored; 0 is none.</param>
/// <param name="BytesPerSecond">How fast to send; 0 is as fast as it goes.</param>
/// <param name="BacklogStartAfter">How long to wait before old data is sent.</param>
/// <param name="ServerUnixNanoseconds">The service's clock; 0 where it does not say.</param>
/// <param name="ConfigNumber">The newest revision of the configuration; 0 where there is none.</param>
/// <param name="IsSessionWanted">Somebody wants to ask this device something.</param>
internal readonly record struct SessionHeaders(
    ulong DurableThrough, ulong BytesPerSecond, TimeSpan BacklogStartAfter, long ServerUnixNanoseconds = 0, ulong ConfigNumber = 0, bool IsSessionWanted = false)
{
    /// <returns>False where the watermark is missing or a value is not a number: whoever answered is not an ingestion service.</returns>
    public static bool TryRead(Metadata metadata, out SessionHeaders headers)
    {
        headers = default;
        if (!TryReadNumber(metadata, "edge-durable-through", required: true, out ulong durable)
            || !TryReadNumber(metadata, "edge-rate-bytes-per-second", required: false, out ulong rate)
            || !TryReadNumber(metadata, "edge-backlog-start-after-ms", required: false, out ulong startAfter)
            || !TryReadNumber(metadata, "edge-server-time", required: false, out ulong serverTime) || serverTime > long.MaxValue
            || !TryReadNumber(metadata, "edge-config", required: false, out ulong config))
        {
            return false;
        }
        headers = new SessionHeaders(durable, rate, RequestedWait.Bounded(startAfter), (long)serverTime, config, metadata.GetValue("edge-session") == "1");
        return true;
    }

    private static bool TryReadNumber(Metadata metadata, string key, bool required, out ulong value)
    {
        value = 0;
        string? text = metadata.GetValue(key);
        return text is null ? !required : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
