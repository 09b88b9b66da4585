namespace EdgeAgent.Mqtt.Intake;

/// <summary>Why a connection ended.</summary>
public enum IntakeCloseCause
{
    /// <summary>The device said DISCONNECT.</summary>
    DisconnectedByClient,

    /// <summary>The device closed or lost the connection without saying so.</summary>
    ConnectionLost,

    /// <summary>Nothing was heard for one and a half keep-alive periods.</summary>
    KeepAliveExpired,

    /// <summary>No complete CONNECT (and TLS handshake) within the time.</summary>
    ConnectTimedOut,

    /// <summary>The device did not take our acknowledgements from its socket within the time.</summary>
    WriteTimedOut,

    /// <summary>TLS could not be agreed on, or the certificate was refused.</summary>
    HandshakeFailed,

    /// <summary>The device was told that it may not connect.</summary>
    Refused,

    /// <summary>The same client id connected anew.</summary>
    TakenOver,

    /// <summary>What came is not MQTT, or breaks its rules.</summary>
    ProtocolBroken,

    /// <summary>A packet was larger than allowed.</summary>
    PacketTooLarge,

    /// <summary>There was no memory for a packet of its size, because other connections' large packets had it: <see cref="IntakeOptions.MaximumBufferedBytes"/>.</summary>
    BuffersInUse,

    /// <summary>A publish was refused for now and the protocol (3.1.1) has no other word for it, or the owner gave it back to be sent again.</summary>
    PublishRefused,

    /// <summary>The owner's handler, or the intake itself, threw: a fault of ours. The exception is given.</summary>
    Faulted,

    /// <summary>The intake stops.</summary>
    Stopping,
}

/// <summary>The end of one connection, for the owner's log.</summary>
public readonly struct IntakeClosed
{
    /// <summary>The client id; null where the device never got as far as CONNECT.</summary>
    public string? ClientId { get; init; }

    /// <summary>Where the connection came from.</summary>
    public required System.Net.IPEndPoint RemoteEndPoint { get; init; }

    /// <summary>Why it ended.</summary>
    public required IntakeCloseCause Cause { get; init; }

    /// <summary>The exception behind <see cref="Cause"/>, where there was one.</summary>
    public Exception? Exception { get; init; }
}
