namespace MQTTnet.Internal;

/// <summary>What a client does now.</summary>
internal enum ClientState
{
    /// <summary>Nothing: it may connect.</summary>
    Disconnected,

    /// <summary>Opens a connection, and awaits CONNACK.</summary>
    Connecting,

    /// <summary>A connection stands, or its end is not yet dealt with.</summary>
    Connected,

    /// <summary>The program has asked for the end.</summary>
    Disconnecting,
}
