namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// Why the owner will not take a publish. MQTT 5.0 tells the device the reason. MQTT 3.1.1 knows no negative acknowledgement, so a refusal
/// for good is acknowledged (else the device would repeat it for ever) and one for now closes the connection unacknowledged (so that the
/// device sends it again). The owner counts what it refuses for good: the intake only reports the number by cause.
/// To make a device merely wait, neither accept nor refuse yet.
/// </summary>
public enum IntakeRefusal
{
    /// <summary>For good: this device may not publish to this topic (0x87).</summary>
    NotAuthorized,

    /// <summary>For good: nobody here wants this topic (0x90).</summary>
    TopicNotWanted,

    /// <summary>For good: the payload cannot be read (0x99).</summary>
    PayloadNotValid,

    /// <summary>For now: no room. A 5.0 client library usually reports 0x97 to its application and does not repeat by itself.</summary>
    QuotaExceeded,

    /// <summary>For now: a fault of ours (0x83).</summary>
    TemporaryFault,
}
