namespace EdgeAgent.Mqtt.Intake;

/// <summary>The owner of an intake: says who may connect and takes what is published.</summary>
public interface IIntakeHandler
{
    /// <summary>
    /// Decides whether a device may publish: by user name and password, by client certificate, or anonymously.
    /// Called on the connection's own task; a slow decision delays that device only.
    /// </summary>
    IntakeVerdict Connecting(in IntakeConnect connect);

    /// <summary>
    /// A message arrived. Calls for one connection never overlap and come in the order of arrival; calls for different connections do overlap.
    /// While the returned task is not complete, nothing more is read from that connection: this is the back-pressure.
    /// Completing it does not acknowledge: that is <see cref="IntakePublish.Ticket"/>'s.
    /// </summary>
    /// <param name="publish">The message; its memory is valid until the returned task completes.</param>
    /// <param name="cancellationToken">Cancelled when the connection is closed from our side. A message whose ticket is not accepted will be sent again by the device.</param>
    ValueTask PublishedAsync(IntakePublish publish, CancellationToken cancellationToken);

    /// <summary>A will could not be published: <see cref="PublishedAsync"/> threw. For the log; must not throw.</summary>
    void WillFailed(string clientId, Exception fault)
    {
    }

    /// <summary>A connection has ended. For the log; must not throw.</summary>
    void Closed(in IntakeClosed closed)
    {
    }
}
