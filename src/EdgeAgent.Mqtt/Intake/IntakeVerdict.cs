namespace EdgeAgent.Mqtt.Intake;

/// <summary>What the owner says to a device that wants to connect. Anything but <see cref="Admit"/> is told to the device, which is then disconnected.</summary>
public enum IntakeVerdict
{
    /// <summary>The device may publish.</summary>
    Admit,

    /// <summary>User name or password are wrong. 3.1.1: return code 4; 5.0: 0x86.</summary>
    BadUserNameOrPassword,

    /// <summary>Who the device is, is clear, but it may not publish here. 3.1.1: return code 5; 5.0: 0x87.</summary>
    NotAuthorized,

    /// <summary>The owner does not take this client id. 3.1.1: return code 2; 5.0: 0x85.</summary>
    ClientIdentifierNotValid,

    /// <summary>Try again later. 3.1.1: return code 3; 5.0: 0x88.</summary>
    ServerUnavailable,
}
