using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <content>How the uploader learns the time from the service, and tells it what provisional times should have been.</content>
internal sealed partial class Uploader
{
    private void HearTime(in SessionHeaders headers, long askedAt)
    {
        if (headers.ServerUnixNanoseconds > 0)
        {
            opening.Clock.Heard(headers.ServerUnixNanoseconds, askedAt);
        }
    }

    /// <summary>The receipt's time is made after the session was half-closed.</summary>
    private void HearTime(UploadSession session, UploadReceipt receipt)
    {
        if (receipt.ServerTimeUnixNanoseconds > 0)
        {
            opening.Clock.Heard(receipt.ServerTimeUnixNanoseconds, session.HalfClosedAt);
        }
    }

    /// <summary>
    /// Once in a session, before its first record with provisional times. By then the headers have said what time it is, so that only the times of an
    /// earlier boot, which ended before anybody knew, stay as they are.
    /// </summary>
    private async ValueTask ExplainClockAsync(UploadSession session, SpoolRecord record)
    {
        if (session.IsClockExplained || !StoredRecord.IsProvisional(record.Payload.Span))
        {
            return;
        }
        foreach (ClockReference reference in opening.Clock.References())
        {
            await session.SendAsync(reference).ConfigureAwait(false);
        }
        session.IsClockExplained = true;
    }
}
