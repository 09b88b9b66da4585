namespace EdgeAgent.Mqtt;

/// <summary>How hard both sides try to deliver one message.</summary>
public enum MqttQualityOfService : byte
{
    /// <summary>Sent once and forgotten: a loss goes unnoticed.</summary>
    AtMostOnce = 0,

    /// <summary>Repeated until acknowledged: may arrive twice.</summary>
    AtLeastOnce = 1,

    /// <summary>A two-step hand-over in which the receiver remembers the packet id: arrives once.</summary>
    ExactlyOnce = 2,
}
