using EdgeAgent.Diagnostics;
using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Readings;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Mqtt.Intake;

/// <summary>
/// Takes what devices publish straight to the agent. A message is accepted when its readings are committed, and not before; one that
/// gives no reading is refused for good, because it would give none the next time.
/// </summary>
internal sealed partial class MqttIntake(MqttIntakeOptions options, IntakeRules rules, AgentMetrics metrics, TimeProvider time, ILogger logger)
    : IIntakeHandler, IDeliverySource
{
    private volatile Mapped _mapped = new(rules, rules.CreateWriter());
    private readonly DeliverySlots<IntakeTicket> _waiting = new();
    private readonly LogSampler _refusals = new(time);

    public IntakeVerdict Connecting(in IntakeConnect connect)
    {
        IntakeVerdict verdict = Judge(connect);
        if (verdict != IntakeVerdict.Admit && _refusals.TryTake(out long unseen))
        {
            Log.Refused(logger, options.Name, connect.ClientId, connect.RemoteEndPoint.Address.ToString(), verdict, unseen);
        }
        return verdict;
    }

    /// <summary>Messages that come from now on are taken by these rules. One that is under way goes on by the ones it was mapped by.</summary>
    public void Use(IntakeRules next)
    {
        if (next.Identity != _mapped.Rules.Identity)
        {
            _mapped = new Mapped(next, next.CreateWriter());
        }
    }

    public ValueTask PublishedAsync(IntakePublish publish, CancellationToken cancellationToken)
    {
        (IntakeRules taken, ReadingWriter writer) = _mapped;
        WriteOutcome outcome = writer.Map(
            publish.Topic.Span, publish.Payload.Span, publish.Retain && !taken.TakesRetained, out MessageReadings readings);
        if (!outcome.HasReadings)
        {
            Settle(publish.Ticket, outcome.Cause);
            return ValueTask.CompletedTask;
        }
        // Nobody waits for a QoS 0 message: its delivery would only make batches close early.
        Delivery delivery = publish.Quality == MqttQualityOfService.AtMostOnce || publish.IsWill
            ? default
            : new Delivery(this, _waiting.Put(publish.Ticket));
        return FinishAsync(writer.WriteAsync(readings, delivery, cancellationToken), delivery);
    }

    public void Committed(long token)
    {
        _waiting.Take(token).Accept();
        metrics.MessagesAcknowledged.Add(ReadingSource.MqttIntake);
    }

    /// <summary>The device keeps the message and sends it again after the reconnect.</summary>
    public void Failed(long token) => _waiting.Take(token).Return();

    public void WillFailed(string clientId, Exception fault) => Log.WillFailed(logger, options.Name, clientId, fault);

    /// <summary>Completes at once, and allocates nothing, where the channel had room.</summary>
    private static async ValueTask FinishAsync(ValueTask<bool> written, Delivery delivery)
    {
        bool isTaken = false;
        try
        {
            isTaken = await written.ConfigureAwait(false);
        }
        finally
        {
            if (!isTaken)
            {
                delivery.Failed();
            }
        }
    }

    private static void Settle(IntakeTicket ticket, DiscardCause? cause)
    {
        switch (cause)
        {
            case null or DiscardCause.Retained:
                ticket.Accept();
                break;
            case DiscardCause.Unmatched or DiscardCause.NameMalformed:
                ticket.Refuse(IntakeRefusal.TopicNotWanted);
                break;
            default:
                ticket.Refuse(IntakeRefusal.PayloadNotValid);
                break;
        }
    }

    private IntakeVerdict Judge(in IntakeConnect connect)
    {
        // MQTT allows an empty user name; nobody has one here.
        bool isAnonymous = string.IsNullOrEmpty(connect.UserName);
        if (options.AllowsAnonymous && (isAnonymous || options.Users.IsEmpty))
        {
            return IntakeVerdict.Admit;
        }
        if (!isAnonymous && !options.Users.IsEmpty)
        {
            return options.Users.Admits(connect.UserName!, connect.Password.Span) ? IntakeVerdict.Admit : IntakeVerdict.BadUserNameOrPassword;
        }
        // With an authority configured the handshake has let nobody pass without a certificate that it has signed.
        return connect.ClientCertificate is not null && options.Users.IsEmpty ? IntakeVerdict.Admit : IntakeVerdict.NotAuthorized;
    }

    /// <summary>In one piece, as messages come while it is changed.</summary>
    private sealed record Mapped(IntakeRules Rules, ReadingWriter Writer);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "{Source} turned away {ClientId} from {Address}: {Verdict}. {Unseen} more were turned away since the last such line.")]
        public static partial void Refused(ILogger logger, string source, string clientId, string address, IntakeVerdict verdict, long unseen);

        [LoggerMessage(LogLevel.Error, "{Source} has lost the will of {ClientId}: it could not be written.")]
        public static partial void WillFailed(ILogger logger, string source, string clientId, Exception fault);
    }
}
