using EdgeAgent.Mqtt.Receiving;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>Turns the owner's word for a publish into an answer to the device, in the version that it speaks: see <see cref="IntakeRefusal"/>.</summary>
internal sealed class IntakeTickets(AcknowledgementRing ring, HandOvers handOvers, IntakeCounters counters)
{
    public void Settle(uint sequence, IntakeRefusal? refusal)
    {
        if (!ring.TryClaim(sequence, out ushort packetId, out bool isQuality2))
        {
            return;
        }
        counters.Settled(refusal);
        Finish(sequence, packetId, isQuality2, refusal is { } reason ? AnswerTo(reason) : Answer.Accepted);
    }

    public void Return(uint sequence)
    {
        if (ring.TryClaim(sequence, out ushort packetId, out bool isQuality2))
        {
            counters.TicketReturned();
            Finish(sequence, packetId, isQuality2, new Answer(AnswerKind.Close));
        }
    }

    private void Finish(uint sequence, ushort packetId, bool isQuality2, Answer answer)
    {
        if (isQuality2)
        {
            // Before the PUBREC can leave, since the PUBREL that answers it must find the packet id. Outside the ring's lock, since this may
            // finish a slot of another connection's ring, whose own thread may be here at the same time.
            handOvers.Settled(packetId, answer);
        }
        ring.Finish(sequence, answer);
    }

    private Answer AnswerTo(IntakeRefusal refusal)
    {
        if (ring.Version == MqttProtocolVersion.V311)
        {
            return refusal is IntakeRefusal.QuotaExceeded or IntakeRefusal.TemporaryFault ? new Answer(AnswerKind.Close) : Answer.Accepted;
        }
        return Answer.Of(refusal switch
        {
            IntakeRefusal.NotAuthorized => MqttReasonCode.NotAuthorized,
            IntakeRefusal.TopicNotWanted => MqttReasonCode.TopicNameInvalid,
            IntakeRefusal.PayloadNotValid => MqttReasonCode.PayloadFormatInvalid,
            IntakeRefusal.QuotaExceeded => MqttReasonCode.QuotaExceeded,
            _ => MqttReasonCode.ImplementationSpecificError,
        });
    }
}
