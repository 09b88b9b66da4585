namespace MQTTnet.Internal;

/// <summary>Where a publish stands when it is asked for.</summary>
internal enum PublishOrigin
{
    /// <summary>At its beginning: send it.</summary>
    New,

    /// <summary>Sent on an earlier connection, and not answered: send it again under the same packet id, with dup.</summary>
    Repeated,

    /// <summary>Received by the server on an earlier connection, and released on this one: send nothing, await PUBCOMP.</summary>
    Released,

    /// <summary>Finished on a later connection than its own: there is nothing to send or to await.</summary>
    Answered,
}
