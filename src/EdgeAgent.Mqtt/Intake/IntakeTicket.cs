namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// The right and the duty to settle one publish. Until it is settled, the device keeps the message and will send it again after a reconnect.
/// May be called from any thread and in any order; acknowledgements leave in the order of arrival all the same. The first call counts, a later
/// one does nothing. Cheap: takes no socket, allocates nothing. For QoS 0 and for wills there is nothing to settle and nothing happens.
/// </summary>
public readonly struct IntakeTicket
{
    private readonly IntakeTickets? _tickets;
    private readonly uint _sequence;

    internal IntakeTicket(IntakeTickets tickets, uint sequence)
    {
        _tickets = tickets;
        _sequence = sequence;
    }

    /// <summary>The message is durable: it is the owner's now, and the device may forget it (PUBACK, or PUBREC for QoS 2).</summary>
    public void Accept() => _tickets?.Settle(_sequence, refusal: null);

    /// <summary>The message is not taken; <see cref="IntakeRefusal"/> says what the device does then.</summary>
    public void Refuse(IntakeRefusal reason) => _tickets?.Settle(_sequence, reason);

    /// <summary>
    /// The message could not be made durable, and nothing is wrong with it: the connection is closed without an acknowledgement, so that the
    /// device sends it again. It is then delivered anew, at QoS 2 too. Whoever drops a ticket without a word would leave the device waiting.
    /// </summary>
    public void Return() => _tickets?.Return(_sequence);
}
