namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// One message from a device. <see cref="Topic"/>, <see cref="Payload"/> and what <see cref="Properties"/> points to are views into the
/// receive buffer: valid until the ValueTask returned by <see cref="IIntakeHandler.PublishedAsync"/> completes, never after.
/// </summary>
public readonly struct IntakePublish
{
    /// <summary>The topic in UTF-8: valid, not empty and without wildcards. An alias is already resolved.</summary>
    public required ReadOnlyMemory<byte> Topic { get; init; }

    /// <summary>The payload, in one piece.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How the device sent it.</summary>
    public MqttQualityOfService Quality { get; init; }

    /// <summary>The retain flag. The intake keeps no retained messages; the flag is passed on.</summary>
    public bool Retain { get; init; }

    /// <summary>The device says that it has sent this before. At QoS 1 the owner may see the same message twice; at QoS 2 it never does.</summary>
    public bool Duplicate { get; init; }

    /// <summary>This is the device's will: it was lost without saying goodbye. Its ticket is a no-op.</summary>
    public bool IsWill { get; init; }

    /// <summary>Which device sent it.</summary>
    public required string ClientId { get; init; }

    /// <summary>The properties of MQTT 5.0 (message expiry, content type, user properties …); empty for 3.1.1.</summary>
    public Packets.MqttProperties Properties { get; init; }

    /// <summary>Settles the message. May outlive this struct.</summary>
    public IntakeTicket Ticket { get; init; }
}
