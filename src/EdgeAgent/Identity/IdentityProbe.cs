using EdgeAgent.Batching;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;

namespace EdgeAgent.Identity;

/// <summary>What the service makes of a device that shows a certificate.</summary>
internal enum ProbeOutcome
{
    /// <summary>It lets the device upload.</summary>
    Accepted,

    /// <summary>It does not know the device by it, or does not let it.</summary>
    Refused,

    /// <summary>There was no answer of the service, which may be the line's fault, or the certificate's: many services end the connection then.</summary>
    Unanswered,
}

/// <summary>
/// Tries a certificate beside the one that is in use: over a connection of its own, an upload session without a record, to its receipt. The readings' sessions go on
/// meanwhile as they did.
/// </summary>
internal sealed class IdentityProbe(
    UplinkOptions options, SpoolSlot slot, SessionOpening opening, Func<UplinkOptions, UplinkConnection> connect, TimeProvider time)
{
    public async Task<(ProbeOutcome Outcome, string Reason)> AskAsync(int generation, CancellationToken cancellationToken)
    {
        if (slot.Opened is not { } opened)
        {
            return (ProbeOutcome.Unanswered, "The spool is not open.");
        }
        using UplinkConnection connection = connect(options.ForGeneration(generation));
        using var limit = new CancellationTokenSource(options.ConnectTimeout + options.ReceiptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        long askedAt = opening.Clock.BootNanoseconds;
        try
        {
            SessionOpen open = opening.For(SpoolLane.Live, opened, opened.Spool[SpoolLane.Live].Released + 1, names: null);
            EmptySessionAnswer answer = await EmptySession.AskAsync(connection.Client(), open, either.Token).ConfigureAwait(false);
            if (answer.ServerUnixNanoseconds > 0)
            {
                opening.Clock.Heard(answer.ServerUnixNanoseconds, askedAt);
            }
            return (answer.Outcome, answer.Reason);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (ProbeOutcome.Unanswered, "The service did not answer in time.");
        }
    }
}
