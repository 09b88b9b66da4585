namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>What the broker source does now.</summary>
internal enum BrokerState
{
    /// <summary>Opens the connection and the session.</summary>
    Connecting,

    /// <summary>The session is open; asks for the topics.</summary>
    Subscribing,

    /// <summary>Messages come. Ends with the connection.</summary>
    Receiving,

    /// <summary>Lets time pass before the next attempt.</summary>
    BackingOff,

    /// <summary>Takes no more messages and waits for those taken to be acknowledged.</summary>
    Draining,

    /// <summary>Disconnected in order; the session waits at the broker.</summary>
    Stopped,
}
